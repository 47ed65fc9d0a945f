import { home } from "../data/home.svelte.ts";

/** Why this browser cannot be sent notifications; undefined where it can. */
export function whyNoPush(): "browser" | "denied" | undefined {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !isSecureContext) return "browser";
  return Notification.permission === "denied" ? "denied" : undefined;
}

/** Subscribes this browser, for the device that is signed in here. The browser asks whether it may; that needs a tap. */
export async function turnOn(device: string, words: boolean): Promise<void> {
  const { publicKey } = await home.get("device.key", {});
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  const before = await registration.pushManager.getSubscription();
  // One that another home's key was used for cannot be used again.
  const isOurs = before && (await keyOf(before)) === publicKey;
  if (before && !isOurs) await before.unsubscribe();
  const { endpoint, expirationTime, keys } = (
    isOurs ? before : await registration.pushManager.subscribe(options)
  ).toJSON();
  const { p256dh = "", auth = "" } = keys ?? {};
  const subscription = { endpoint: endpoint ?? "", expirationTime: expirationTime ?? null, keys: { p256dh, auth } };
  await home.get("device.subscribe", { device, subscription, words });
}

export async function turnOff(device: string): Promise<void> {
  await home.get("device.unsubscribe", { device });
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

async function keyOf({ options }: PushSubscription): Promise<string> {
  const { bufferToBase64URLString } = await import("@simplewebauthn/browser");
  return bufferToBase64URLString(options.applicationServerKey ?? new ArrayBuffer(0));
}
