import * as fs from "node:fs";
import type { Database } from "@mh/core/ports/database.ts";

const headerBytes = 32;
const frameHeaderBytes = 24;
/** What is more than this, a long rebuild, is not compared. */
const framesMax = 4_000;

/**
 * Opens a database's file to compare it. To be closed after the database: closing it takes away every lock that this process has on
 * the file (POSIX), SQLite's among them.
 */
export const openToCompare = (file: string): number => fs.openSync(file, "r");

/**
 * Writes the log of a database back into its file, and says whether all of it is there. The library takes a failed read of a file
 * that is not encrypted for a good one, and goes on with what its buffer held: so the pages are compared with those of the log.
 * True where the log is too long for that, or somebody who looks keeps it from being written back. `main`: see `openToCompare`.
 */
export function isWrittenBack(db: Database, file: string, main: number): boolean {
  const [{ log = 0, checkpointed = 0 } = {}] = db.pragma("wal_checkpoint") as { log?: number; checkpointed?: number }[];
  if (log <= 0 || log !== checkpointed || log > framesMax) return true;
  const wal = fs.openSync(`${file}-wal`, "r");
  try {
    const header = Buffer.alloc(headerBytes);
    fs.readSync(wal, header, 0, headerBytes, 0);
    return areSame({ main, wal }, header.readUInt32BE(8), log);
  } finally {
    fs.closeSync(wal);
  }
}

/** Compares each page that some frames hold, the last of each, with the file. By https://sqlite.org/fileformat2.html#the_write_ahead_log. */
function areSame({ main, wal }: { main: number; wal: number }, pageBytes: number, frames: number): boolean {
  const frame = Buffer.alloc(frameHeaderBytes + pageBytes);
  const page = Buffer.alloc(pageBytes);
  const seen = new Set<number>();
  let pages = Number.POSITIVE_INFINITY;
  for (let n = frames - 1; n >= 0; n -= 1) {
    fs.readSync(wal, frame, 0, frame.length, headerBytes + n * frame.length);
    const number = frame.readUInt32BE(0);
    // The last one ends a commit, and says how many pages there are.
    if (n === frames - 1) pages = frame.readUInt32BE(4);
    if (seen.has(number) || number > pages) continue;
    seen.add(number);
    fs.readSync(main, page, 0, pageBytes, (number - 1) * pageBytes);
    if (!page.equals(frame.subarray(frameHeaderBytes))) return false;
  }
  return true;
}
