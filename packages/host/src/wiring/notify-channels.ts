import { subscriptionSchema } from "@mh/contract/values/push.ts";
import { pairedWith } from "@mh/core/channels/paired.ts";
import { liveDevices } from "@mh/core/devices/devices-table.ts";
import type { Channel } from "@mh/core/ports/channel.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Desktop } from "@mh/core/ports/desktop.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { desktopChannel } from "../adapters/notify/desktop.ts";
import { messengerChannel } from "../adapters/notify/messenger.ts";
import { ntfyChannel } from "../adapters/notify/ntfy.ts";
import { pushoverChannel } from "../adapters/notify/pushover.ts";
import { signalChannel } from "../adapters/notify/signal.ts";
import { type Subscriber, webPushChannel } from "../adapters/notify/web-push.ts";
import { messengers } from "../channels/open-messenger.ts";

/** Every way to the owner. A new one is written in core's `adapters/notify/` and named here. */
export function notifyChannels(parts: {
  http: Http;
  secrets: Secrets;
  crypto: Crypto;
  desktop: Desktop;
  reader: Database;
  readObject: (name: string) => string | undefined;
}): Channel[] {
  const { reader, readObject } = parts;
  return [
    desktopChannel(parts.desktop),
    ntfyChannel(parts),
    pushoverChannel(parts),
    signalChannel(parts),
    messengerChannel("telegram", messengers(parts), () => pairedWith({ db: reader, readObject }, "telegram")),
    webPushChannel({ ...parts, subscribers: () => subscribers(reader, readObject) }),
  ];
}

function subscribers(reader: Database, readObject: (name: string) => string | undefined): Subscriber[] {
  return liveDevices(reader).flatMap(({ name, push }) => {
    const text = push && readObject(push);
    return push && text
      ? [{ device: name, object: push, subscription: subscriptionSchema().parse(JSON.parse(text)) }]
      : [];
  });
}
