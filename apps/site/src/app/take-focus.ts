/**
 * Attachment for the field of a popover: it has the focus as soon as that opens, before another key is handled. The event
 * `toggle` would come too late: a browser that has much to do hands out keys before it.
 */
export function takeFocus(field: HTMLElement): void {
  // The popover looks for it. Svelte's own `autofocus` sets no attribute: it gives the focus at once, and only then.
  field.setAttribute("autofocus", "");
  if (field.checkVisibility()) field.focus();
}
