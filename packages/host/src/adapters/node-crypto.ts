import * as node from "node:crypto";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import { v7 } from "uuid";

// DER wrappers of RFC 8410 around the 32 bytes of an Ed25519 seed and of a public key.
const seedPrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

export const nodeCrypto: Crypto = {
  sha256Hex: (data) => node.hash("sha256", data, "hex"),
  sha256: (data) => node.hash("sha256", data, "buffer"),
  hmacHex: (key, data) => node.createHmac("sha256", secret(key)).update(data).digest("hex"),
  hmac(key) {
    const hmac = node.createHmac("sha256", secret(key));
    return { add: (part) => void hmac.update(part), hex: () => hmac.digest("hex") };
  },
  sign: (seed, message) => node.sign(null, message, privateKey(seed)),
  publicKey: (seed) =>
    node.createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" }).subarray(publicPrefix.length),
  verify: (publicKey, message, signature) => node.verify(null, message, publicKeyObject(publicKey), signature),
  random: (bytes) => node.randomBytes(bytes),
  id: nextId,
};

const idsAtOnce = 256;
const idBytes = 16;
let drawn = new Uint8Array();
let last = { msecs: 0, seq: 0 };

/** The system is asked for chance for many ids at once: to ask costs more than all the rest of an id. */
function nextId(): string {
  if (drawn.length < idBytes) drawn = node.randomBytes(idsAtOnce * idBytes);
  const random = drawn.subarray(0, idBytes);
  drawn = drawn.subarray(idBytes);
  last = later(last, Date.now(), random);
  return v7({ ...last, random });
}

/** Within a millisecond ids are counted on from one of chance (RFC 9562, 6.2, method 1), and into the next where that is full. */
function later({ msecs, seq }: typeof last, now: number, random: Uint8Array): typeof last {
  if (now > msecs) return { msecs: now, seq: new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1 };
  const next = (seq + 1) | 0;
  return { msecs: next === 0 ? msecs + 1 : msecs, seq: next };
}

const secrets = new WeakMap<Uint8Array, node.KeyObject>();

/**
 * Node looks for a long time at what a key of bytes may be: with one that it made itself, a hash costs a fifth. The bytes of
 * a key do not change.
 */
function secret(key: Uint8Array): node.KeyObject {
  const before = secrets.get(key);
  if (before) return before;
  const made = node.createSecretKey(key);
  secrets.set(key, made);
  return made;
}

function privateKey(seed: Uint8Array): node.KeyObject {
  return node.createPrivateKey({ key: Buffer.concat([seedPrefix, seed]), format: "der", type: "pkcs8" });
}

function publicKeyObject(key: Uint8Array): node.KeyObject {
  return node.createPublicKey({ key: Buffer.concat([publicPrefix, key]), format: "der", type: "spki" });
}
