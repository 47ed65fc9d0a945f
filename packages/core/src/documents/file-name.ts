import type { Crypto } from "../ports/crypto.ts";

/** How the journal calls a file: the name of the object that holds its path. */
export const fileName = ({ crypto, hmacKey }: { crypto: Crypto; hmacKey: Uint8Array }, path: string): string =>
  crypto.hmacHex(hmacKey, path);
