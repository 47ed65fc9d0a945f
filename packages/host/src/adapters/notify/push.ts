import type { Urgency } from "@mh/contract/values/notification.ts";
import type { PushSubscription } from "@mh/contract/values/push.ts";
import type { Config } from "@mh/core/model/config.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { toBase64Url, utf8 } from "@mh/core/ports/bytes.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Http, HttpResponse } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { limits } from "./answer.ts";
import { vapidKeys } from "./vapid.ts";

export interface PushParts {
  http: Http;
  secrets: Secrets;
  crypto: Crypto;
}

/** A push service keeps what it could not deliver for so long. */
const timeToLiveS = 24 * 3600;

/** Sends a payload to one browser (RFC 8030). A push service replaces what waits under the same topic. */
export async function push(
  { http, secrets, crypto }: PushParts,
  message: { subscription: PushSubscription; payload: string; topic: string; urgency: Urgency },
  { config, signal }: { config: Config; signal: AbortSignal },
): Promise<HttpResponse> {
  const { contact = "", hosts = [] } = notifySettings.of(config).webPush;
  const { pushRequest } = await import("./web-push-request.ts");
  const { subscription, payload, urgency } = message;
  const keys = await vapidKeys(secrets);
  const topic = toBase64Url(crypto.sha256(utf8.encode(message.topic))).slice(0, 32);
  const request = pushRequest(subscription, payload, { contact, keys, urgency, topic, TTL: timeToLiveS });
  const isOwn = hosts.includes(new URL(subscription.endpoint).hostname);
  // The address comes from a browser: it may not point into this network, unless the settings say so.
  return http.request({ ...request, method: "POST", reach: isOwn ? "any" : "public", signal, ...limits });
}
