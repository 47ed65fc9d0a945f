export interface RunningHmac {
  add(part: Uint8Array): void;
  hex(): string;
}

/** Hashes, keys and ids. Hex strings are lower case. */
export interface Crypto {
  sha256Hex(data: string | Uint8Array): string;
  sha256(data: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 as hex. */
  hmacHex(key: Uint8Array, data: string | Uint8Array): string;
  /** The same of what comes a part at a time. */
  hmac(key: Uint8Array): RunningHmac;
  /** Ed25519 over the message; the key is the 32-byte seed. */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  /** The 32-byte Ed25519 public key of a seed. */
  publicKey(seed: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  random(bytes: number): Uint8Array;
  /** A UUIDv7 (RFC 9562), later than every one made before it in this process. */
  id(): string;
}
