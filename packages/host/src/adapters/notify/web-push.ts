import { Fault } from "@mh/contract/values/fault.ts";
import type { Notification } from "@mh/contract/values/notification.ts";
import type { PushSubscription } from "@mh/contract/values/push.ts";
import type { Config } from "@mh/core/model/config.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { toBase64Url, utf8 } from "@mh/core/ports/bytes.ts";
import type { Channel, Delivery } from "@mh/core/ports/channel.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { expectTaken, limits } from "./answer.ts";
import { cut } from "./cut.ts";
import { vapidKeys } from "./vapid.ts";

/** A device's browser that asked to be told, and the object that keeps its subscription. */
export interface Subscriber {
  device: string;
  object: string;
  subscription: PushSubscription;
}

export interface WebPushParts {
  http: Http;
  secrets: Secrets;
  crypto: Crypto;
  subscribers: () => Subscriber[];
}

/** A push service keeps what it could not deliver for so long. */
const timeToLiveS = 24 * 3600;

/**
 * Web Push (RFC 8030) to every device that subscribed. The payload is JSON: `title`, `body`, `urgency`, `id`, and `url`
 * where there is one.
 */
export function webPushChannel(parts: WebPushParts): Channel {
  return {
    name: "webPush",
    missing(config) {
      if (!notifySettings.of(config).webPush) return "config.yaml has no notify.webPush";
      return parts.subscribers().length > 0 ? undefined : "no device has subscribed; `mh device add` adds one";
    },
    deliver: (notification, context) =>
      Promise.all(
        parts.subscribers().map(async (subscriber): Promise<Delivery> => {
          const to = { channel: "webPush", device: subscriber.device } as const;
          try {
            const isGone = await push(parts, subscriber, notification, context);
            if (!isGone) return { ...to, how: "sent" };
            const why = "This device's subscription ended. Open mh there and subscribe again.";
            return { ...to, how: "failed", why, gone: subscriber.object };
          } catch (error) {
            if (error instanceof Fault) return { ...to, how: "failed", why: error.message };
            throw error;
          }
        }),
      ),
  };
}

/** True where the push service says that the subscription is no more. */
async function push(
  { http, secrets, crypto }: WebPushParts,
  { subscription }: Subscriber,
  notification: Notification,
  { config, signal }: { config: Config; signal: AbortSignal },
): Promise<boolean> {
  const { contact = "", hosts = [] } = notifySettings.of(config).webPush ?? {};
  const { pushRequest } = await import("./web-push-request.ts");
  const keys = await vapidKeys(secrets);
  const { urgency } = notification;
  // The same command never rings twice: a push service replaces what waits under the same topic.
  const topic = toBase64Url(crypto.sha256(utf8.encode(notification.id))).slice(0, 32);
  const request = pushRequest(subscription, payloadOf(notification), {
    contact,
    keys,
    urgency,
    topic,
    TTL: timeToLiveS,
  });
  const isOwn = hosts.includes(new URL(subscription.endpoint).hostname);
  const answer = await http.request({
    ...request,
    method: "POST",
    // The address comes from a browser: it may not point into this network, unless the settings say so.
    reach: isOwn ? "any" : "public",
    signal,
    ...limits,
  });
  if (answer.status === 404 || answer.status === 410) return true;
  expectTaken("The push service", answer);
  return false;
}

/** Push services take 4,096 bytes, of which encryption needs 103. */
function payloadOf({ id, title, body, urgency, url }: Notification): string {
  const told = { id, title: cut(title, 600), urgency, ...(url && { url }) };
  for (let room = 2400; ; room = Math.floor(room / 2)) {
    const text = JSON.stringify({ ...told, body: cut(body, room) });
    if (utf8.encode(text).length <= 3900 || room < 10) return text;
  }
}
