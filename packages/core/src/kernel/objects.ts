import { objectsFolder } from "../journal/objects-folder.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Files } from "../ports/files.ts";

/** Reads an object and checks that it still is what its name says. */
export function objectBytes(
  deps: { files: Files; crypto: Crypto; hmacKey: Uint8Array },
  name: string,
): Uint8Array | undefined {
  const bytes = deps.files.read(`${objectsFolder}/${name}`);
  return bytes && deps.crypto.hmacHex(deps.hmacKey, bytes) === name ? bytes : undefined;
}

export function readObject(...at: Parameters<typeof objectBytes>): string | undefined {
  const bytes = objectBytes(...at);
  return bytes && decodeLossy(bytes);
}
