import { Fault } from "@mh/contract/values/fault.ts";
import { toHex } from "../ports/bytes.ts";
import type { Disk } from "../ports/disk.ts";
import { walOf } from "./settings.ts";

/** The bytes of a SQLite database that another program may be writing, and of its write-ahead log, where it has one. */
export interface HeldDatabase {
  bytes: Uint8Array;
  wal?: Uint8Array;
}

const triesMax = 3;
const headerBytes = 32;

/**
 * Reads one between two looks at its log. While the log stays the same one, whatever is moved from it into the database stands in
 * the log as well, so that the two are one state.
 */
export async function databaseAt(disk: Disk, path: string, bytesMax: number): Promise<HeldDatabase> {
  let before = await logAt(disk, path, bytesMax);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const bytes = await disk.read(path, bytesMax);
    const wal = await logAt(disk, path, bytesMax);
    if (isSameLog(before, wal)) return { bytes, ...(wal && { wal }) };
    before = wal;
  }
  throw new Fault("observe.unreadable", "It was written while it was read. It is read again the next time.");
}

async function logAt(disk: Disk, path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  try {
    return await disk.read(walOf(path), bytesMax);
  } catch (error) {
    if (error instanceof Fault && error.code === "file.not-found") return undefined;
    throw error;
  }
}

const isSameLog = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  beginningOf(one) === beginningOf(other);
const beginningOf = (log: Uint8Array | undefined): string =>
  log === undefined ? "" : toHex(log.subarray(0, headerBytes));
