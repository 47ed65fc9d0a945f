/** What a notification of a browser shows, and answers. */
export interface Declared {
  title: string;
  body: string;
  /** What has the same tag takes its place. */
  tag: string;
  /** What a tap opens: a path of the site, or an address. */
  navigate: string;
  isSilent?: boolean;
  answers?: { device: string; buttons: readonly { label: string; data: string }[] };
}

/** RFC 8030, as the declarative form names itself. */
const declarative = 8030;

/**
 * A declarative push message (W3C Push API): a browser that knows the form shows it without the service worker, and a tap
 * leads to `navigate`. Elsewhere the service worker shows just this, and a tap on a button answers with what it carries.
 */
export function declared({ title, body, tag, navigate, isSilent = false, answers }: Declared): string {
  const buttons = answers?.buttons ?? [];
  const notification = {
    ...{ title, body, tag, navigate, lang: "en", silent: isSilent },
    ...(buttons.length > 0 && {
      actions: buttons.map(({ label }) => ({ action: label.toLowerCase(), title: label, navigate })),
      data: {
        device: answers?.device,
        presses: Object.fromEntries(buttons.map(({ label, data }) => [label.toLowerCase(), data])),
      },
    }),
  };
  return JSON.stringify({ web_push: declarative, notification });
}
