import { type VapidKeys, vapidKeysSchema } from "@mh/contract/values/push.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";

/** The secret that holds the key pair. */
const vapidSecret = "mh.vapid";

/** The home's key pair for Web Push, made at first use: subscriptions are bound to it for as long as they live. */
export async function vapidKeys(secrets: Pick<Secrets, "own">): Promise<VapidKeys> {
  const { makeVapidKeys } = await import("./web-push-request.ts");
  return vapidKeysSchema().parse(JSON.parse(secrets.own(vapidSecret, () => JSON.stringify(makeVapidKeys()))));
}
