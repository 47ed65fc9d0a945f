/**
 * What a push carries, in the declarative form (Push API, "declarative push message"): a browser that knows it shows it by
 * itself, and a tap leads to `navigate`. Here the worker shows it, and a tap on an action answers.
 */
interface Message {
  web_push: 8030;
  notification: {
    title: string;
    body?: string;
    navigate: string;
    tag: string;
    lang?: string;
    silent?: boolean;
    actions?: { action: string; title: string; navigate: string }[];
    /** Which device it is for, and what each action answers with: bound by the daemon to one request, and to a time. */
    data?: { device: string; presses: Record<string, string> };
  };
}

/** What a notification keeps of its message until it is tapped. */
type Kept = { navigate: string } & Partial<NonNullable<Message["notification"]["data"]>>;

const words = {
  unknown: "mh has something for you",
  notArrived: "Your answer did not arrive",
  refused: "Your answer was refused",
  open: "Open mh to see what waits.",
};
const look = { icon: "/icon-192.png", badge: "/badge-96.png" };

export async function showPush(worker: ServiceWorkerGlobalScope, text: string | undefined): Promise<void> {
  const message = readMessage(text);
  if (!message) return worker.registration.showNotification(words.unknown, { ...look, data: { navigate: "/" } });
  const { title, body = "", navigate, tag, lang = "en", silent = false, actions = [], data } = message;
  const kept: Kept = { navigate, ...data };
  const options = { ...look, body, tag, lang, silent, data: kept };
  // TypeScript's own library does not know of actions.
  const withActions = { ...options, actions: actions.map(({ action, title }) => ({ action, title })) };
  await worker.registration.showNotification(title, withActions as NotificationOptions);
}

function readMessage(text: string | undefined): Message["notification"] | undefined {
  try {
    const { web_push, notification } = JSON.parse(text ?? "") as Partial<Message>;
    return web_push === 8030 && notification?.title && isWeb(notification.navigate) ? notification : undefined;
  } catch {
    // No message of ours: that something came is shown all the same.
    return undefined;
  }
}

const isWeb = (url: string): boolean => /^https?:$/.test(new URL(url, location.origin).protocol);

/** An action answers at once; a tap on the rest opens the card. */
export async function answerTap(worker: ServiceWorkerGlobalScope, event: NotificationEvent): Promise<void> {
  const { navigate = "/", device, presses } = (event.notification.data ?? {}) as Partial<Kept>;
  const press = presses?.[event.action];
  if (device === undefined || press === undefined) return open(worker, navigate);
  const failed = await send(device, press);
  if (failed === undefined) return;
  const { title, body } = failed;
  const options = { ...look, body, tag: event.notification.tag, lang: "en", data: { navigate } };
  await worker.registration.showNotification(title, options);
}

/** Undefined where the answer arrived; else what is to be said of it. It is never tried again later. */
async function send(device: string, press: string): Promise<{ title: string; body: string } | undefined> {
  try {
    const answer = await fetch("/v1/press", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ device, press }),
      cache: "no-store",
    });
    const said = (await answer.json()) as { words?: string; fault?: { message: string } };
    if (answer.ok) return undefined;
    return { title: words.refused, body: said.words ?? said.fault?.message ?? words.open };
  } catch {
    return { title: words.notArrived, body: words.open };
  }
}

async function open(worker: ServiceWorkerGlobalScope, navigate: string): Promise<void> {
  const url = new URL(navigate, location.origin);
  const pages = await worker.clients.matchAll({ type: "window" });
  const page = url.origin === location.origin ? pages[0] : undefined;
  if (!page) return void (await worker.clients.openWindow(url.href));
  await page.navigate(url.href);
  await page.focus();
}
