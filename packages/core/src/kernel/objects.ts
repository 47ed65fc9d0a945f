import { Fault } from "@mh/contract/values/fault.ts";
import { objectsFolder } from "../journal/objects-folder.ts";
import { isCutOffWrite } from "../model/home-files.ts";
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

/** Names of the objects that are not what their names say. */
export const damagedObjects = (deps: Parameters<typeof objectBytes>[0]): string[] =>
  deps.files
    .list(objectsFolder)
    .filter((path) => !isCutOffWrite(path))
    .map((path) => path.slice(objectsFolder.length + 1))
    .filter((name) => !isAsNamed(deps, name));

/** One that an encrypted home cannot open is none either. */
function isAsNamed(deps: Parameters<typeof objectBytes>[0], name: string): boolean {
  try {
    return objectBytes(deps, name) !== undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return false;
  }
}

export function readObject(...at: Parameters<typeof objectBytes>): string | undefined {
  const bytes = objectBytes(...at);
  return bytes && decodeLossy(bytes);
}
