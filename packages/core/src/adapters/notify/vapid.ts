import { type VapidKeys, vapidKeysSchema } from "../../model/push.ts";
import type { Secrets } from "../../ports/secrets.ts";

/** The secret that holds the key pair. */
export const vapidSecret = "mh.vapid";

/** The home's key pair for Web Push, made at first use: subscriptions are bound to it for as long as they live. */
export async function vapidKeys(secrets: Secrets): Promise<VapidKeys> {
  const { makeVapidKeys } = await import("./web-push-request.ts");
  // From here on in one step: two who come at once get the same pair.
  if (!secrets.names().includes(vapidSecret)) secrets.write(vapidSecret, JSON.stringify(makeVapidKeys()));
  return vapidKeysSchema.parse(JSON.parse(secrets.read(vapidSecret)));
}
