import { wasWritten } from "../kernel/changes.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { fileName } from "./file-name.ts";

/**
 * Whether a text that is put back into a document was written there by no command: it vouches for nobody, wherever it was
 * kept. A snapshot and the index are files that others may write to.
 */
export function isByHand(
  db: Database,
  deps: { crypto: Crypto; hmacKey: Uint8Array },
  path: string,
  text: string,
): boolean {
  return !wasWritten(db, fileName(deps, path), deps.crypto.hmacHex(deps.hmacKey, utf8.encode(text)));
}
