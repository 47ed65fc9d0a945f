import type { Crypto } from "../ports/crypto.ts";

export interface FileNames {
  crypto: Crypto;
  hmacKey: Uint8Array;
}

/** How the journal calls a file: the name of the object that holds its path. */
export const fileName = ({ crypto, hmacKey }: FileNames, path: string): string => crypto.hmacHex(hmacKey, path);
