import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryLine, MemoryRecord } from "@mh/contract/values/memory.ts";
import { documentFolders, lineFolders } from "../documents/folders.ts";
import { lineSum } from "../journal/line-sum.ts";
import { hasUnsummed, isWritten } from "../kernel/written-lines.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";

export interface LineMarks {
  crypto: Crypto;
  /** Sums of lines are made with it (`journal/line-sum.ts`). */
  lineKey: Uint8Array;
}

/** Whether a command wrote the line, as the log says: word for word, or in old homes by the name of its command. */
export function isByCommand(db: Database, { crypto, lineKey }: LineMarks, line: MemoryLine): boolean {
  if (isWritten(db, lineSum(crypto, lineKey, canonical(line)))) return true;
  return hasUnsummed(db) && db.prepare("SELECT 1 FROM commands WHERE id = ?").get(line.cmd) !== undefined;
}

/**
 * A memory that no command wrote: it comes from the file in which it stands, whatever it says of itself, and vouches for
 * nobody until the owner reviewed it. What it states was neither observed nor confirmed.
 */
export function byHand(record: MemoryRecord, path: string): MemoryRecord {
  const { fact, speaker: _, ...rest } = record;
  const status = fact?.status === "revoked" ? "revoked" : "inferred";
  return { ...rest, origins: [`file:${path}`], ...(fact && { fact: { ...fact, status } }) };
}

const folders = [...lineFolders, ...documentFolders];

/** Whether an origin is a file of the home's own memory: others than its owner may have written there. */
export const isHandOrigin = (origin: string): boolean => folders.some((folder) => origin.startsWith(`file:${folder}/`));

/**
 * Throws `index.damaged` for a memory that says a command wrote it, where none did. A file that may be edited by hand is no
 * line, and is compared with what the log expects when it is read.
 */
export const checkByCommand =
  (marks: LineMarks) =>
  (db: Database, record: MemoryRecord): void => {
    if (record.cmd === "" || record.origins.every(isHandOrigin) || isByCommand(db, marks, record)) return;
    throw new Fault("index.damaged", "The index holds a memory that no command wrote.");
  };
