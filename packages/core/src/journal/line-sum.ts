import type { Crypto } from "../ports/crypto.ts";

/**
 * What the journal remembers of a line of a data file: 52 bits of an HMAC, which fit a number. Who has no key can neither
 * make a line that has a known sum, nor a sum that a record holds. Nothing is named by this key.
 */
export const lineSum = (crypto: Crypto, lineKey: Uint8Array, text: string): number =>
  Number.parseInt(crypto.hmacHex(lineKey, text).slice(0, 13), 16);
