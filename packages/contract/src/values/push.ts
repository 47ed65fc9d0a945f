import { z } from "zod";
import { once } from "../once.ts";

/** So many bytes in base64url, without padding. */
const bytes = (n: number) =>
  z.string().regex(new RegExp(`^[\\w-]{${Math.ceil((n * 4) / 3)}}$`), `it is ${n} bytes in base64url`);

/** What a browser's `PushSubscription.toJSON()` gives: who holds it can only send to it with our VAPID key. */
export const subscriptionSchema = once(() =>
  z.strictObject({
    endpoint: z
      .url({ protocol: /^https$/, error: "a push service is reached by https" })
      .max(2000)
      .describe("Address at the push service"),
    expirationTime: z
      .number()
      .nullable()
      .optional()
      .describe("Milliseconds since 1970 at which it ends; never where null"),
    keys: z
      .strictObject({
        p256dh: bytes(65).describe("The browser's public key, base64url"),
        auth: bytes(16).describe("The browser's authentication secret, base64url"),
      })
      .describe("What messages to this browser are encrypted with"),
  }),
);
export type PushSubscription = z.infer<ReturnType<typeof subscriptionSchema>>;

/** The key pair that push services know this home by (RFC 8292), base64url. */
export const vapidKeysSchema = once(() => z.strictObject({ publicKey: bytes(65), privateKey: bytes(32) }));
export type VapidKeys = z.infer<ReturnType<typeof vapidKeysSchema>>;
