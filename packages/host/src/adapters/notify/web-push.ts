import { Fault } from "@mh/contract/values/fault.ts";
import type { Notification } from "@mh/contract/values/notification.ts";
import type { PushSubscription } from "@mh/contract/values/push.ts";
import type { Config } from "@mh/core/model/config.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { utf8 } from "@mh/core/ports/bytes.ts";
import type { Channel, Delivery } from "@mh/core/ports/channel.ts";
import { expectTaken } from "./answer.ts";
import { cut } from "./cut.ts";
import { declared } from "./declared.ts";
import { type PushParts, push } from "./push.ts";

/** A device's browser that asked to be told, and the object that keeps its subscription. */
export interface Subscriber {
  device: string;
  object: string;
  subscription: PushSubscription;
}

export interface WebPushParts extends PushParts {
  subscribers: () => Subscriber[];
}

/** Web Push (RFC 8030) to every device that subscribed. */
export function webPushChannel(parts: WebPushParts): Channel {
  return {
    name: "webPush",
    missing(config) {
      if (notifySettings.of(config).webPush.contact === undefined) return "config.yaml has no notify.webPush.contact";
      return parts.subscribers().length > 0 ? undefined : "no device has subscribed; `mh device add` adds one";
    },
    deliver: (notification, context) =>
      Promise.all(
        parts.subscribers().map(async (subscriber): Promise<Delivery> => {
          const to = { channel: "webPush", device: subscriber.device } as const;
          try {
            const isGone = await isGoneFor(parts, subscriber, notification, context);
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
async function isGoneFor(
  parts: PushParts,
  { subscription }: Subscriber,
  notification: Notification,
  context: { config: Config; signal: AbortSignal },
): Promise<boolean> {
  const { id, urgency } = notification;
  // The same command never rings twice.
  const message = { subscription, payload: payloadOf(notification), topic: id, urgency };
  const answer = await push(parts, message, context);
  if (answer.status === 404 || answer.status === 410) return true;
  expectTaken("The push service", answer);
  return false;
}

/** Push services take 4,096 bytes, of which encryption needs 103. */
function payloadOf({ id, title, body, url }: Notification): string {
  for (let room = 2400; ; room = Math.floor(room / 2)) {
    const text = declared({ title: cut(title, 600), body: cut(body, room), tag: id, navigate: url ?? "/" });
    if (utf8.encode(text).length <= 3900 || room < 10) return text;
  }
}
