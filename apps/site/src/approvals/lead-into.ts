/** Leads to the first element that fits: it is in sight, and has the focus. */
export function leadTo(card: HTMLElement | undefined, selector: string): void {
  const found = card?.querySelector<HTMLElement>(selector);
  found?.scrollIntoView({ block: "center" });
  found?.focus();
}

/** Attachment for a form that somebody asked for: it is in sight, and its first field has the focus. */
export function leadInto(form: HTMLElement): void {
  form.scrollIntoView({ block: "center" });
  form.querySelector<HTMLElement>("input, textarea, select")?.focus({ preventScroll: true });
}
