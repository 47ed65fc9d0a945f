import * as crypto from "node:crypto";
import type { PushSubscription } from "@mh/contract/values/push.ts";
import type { Endpoint, Received } from "../endpoint.ts";

/** A browser: it subscribes, and reads what was sent to it (RFC 8291, RFC 8188). */
export function makeBrowser(server: Endpoint, at = "/push/1") {
  const keys = crypto.createECDH("prime256v1");
  const publicKey = keys.generateKeys();
  const auth = crypto.randomBytes(16);
  const subscription: PushSubscription = {
    endpoint: `${server.url}${at}`,
    expirationTime: null,
    keys: { p256dh: publicKey.toString("base64url"), auth: auth.toString("base64url") },
  };
  const hkdf = (secret: Buffer, salt: Buffer, info: Buffer, length: number) =>
    Buffer.from(crypto.hkdfSync("sha256", secret, salt, info, length));
  const read = ({ body, headers }: Received): unknown => {
    if (headers["content-encoding"] !== "aes128gcm") throw new Error(`encoded as ${headers["content-encoding"]}`);
    const salt = body.subarray(0, 16);
    const keyLength = body.readUInt8(20);
    const sender = body.subarray(21, 21 + keyLength);
    const sealed = body.subarray(21 + keyLength);
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), publicKey, sender]);
    const secret = hkdf(keys.computeSecret(sender), auth, info, 32);
    const key = hkdf(secret, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
    const nonce = hkdf(secret, salt, Buffer.from("Content-Encoding: nonce\0"), 12);
    const opening = crypto.createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([opening.update(sealed.subarray(0, -16)), opening.final()]);
    const end = padded.findLastIndex((byte) => byte !== 0);
    if (padded[end] !== 2) throw new Error("it does not end like a last record");
    return JSON.parse(padded.subarray(0, end).toString("utf8"));
  };
  return { subscription, read };
}
