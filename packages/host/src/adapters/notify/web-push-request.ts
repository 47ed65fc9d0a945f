import type { Urgency } from "@mh/contract/values/notification.ts";
import type { PushSubscription, VapidKeys } from "@mh/contract/values/push.ts";
import webPush from "web-push";

/** Apart from the channel, so that the library is loaded only when there is something to send. */
export interface PushRequest {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A message for one browser: encrypted for it alone (RFC 8291), signed by us (RFC 8292). */
export function pushRequest(
  subscription: PushSubscription,
  payload: string,
  { contact, keys, ...options }: { contact: string; keys: VapidKeys; urgency: Urgency; topic: string; TTL: number },
): PushRequest {
  const { endpoint, headers, body } = webPush.generateRequestDetails(
    { endpoint: subscription.endpoint, keys: subscription.keys },
    payload,
    { ...options, contentEncoding: "aes128gcm", vapidDetails: { subject: contact, ...keys } },
  );
  const texts = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { url: endpoint, headers: Object.fromEntries(texts), body: body ?? new Uint8Array() };
}

export const makeVapidKeys = (): VapidKeys => webPush.generateVAPIDKeys();
