import { changeOf } from "../kernel/changes.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";

export interface WrittenDeps {
  files: Files;
  crypto: Crypto;
  hmacKey: Uint8Array;
  /** The bytes of an object while they still are what its name says. */
  objectBytes: (name: string) => Uint8Array | undefined;
}

/** A file as a command left it. */
export interface WrittenFile {
  path: string;
  /** Undefined where the command removed it, or where what it wrote is no longer kept. */
  bytes: Uint8Array | undefined;
}

/**
 * The first file that a command wrote: what it gave can be told from it whatever became of the file since. Undefined
 * where it wrote none, or where the file was forgotten.
 */
export function fileWrittenBy(db: Database, deps: WrittenDeps, command: string): WrittenFile | undefined {
  const change = changeOf(db, command)?.files[0];
  const name = change && deps.objectBytes(change.file);
  if (!change || !name) return undefined;
  const path = decodeLossy(name);
  return { path, bytes: change.after === null ? undefined : bytesCalled(deps, change.after, path) };
}

/** The bytes of that name: what stands in the file still, or what was kept of it when a later command changed it. */
export function bytesCalled({ files, crypto, hmacKey, objectBytes }: WrittenDeps, name: string, path: string) {
  const now = files.read(path);
  return now && crypto.hmacHex(hmacKey, now) === name ? now : objectBytes(name);
}
