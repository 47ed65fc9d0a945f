import * as fs from "node:fs";
import { Fault } from "@mh/contract/values/fault.ts";
import { Unreadable } from "../sandbox/parser/unreadable.ts";
import { entriesOf, type ZipEntry } from "../sandbox/parser/zip.ts";
import { chunksOf } from "./chunks.ts";

export type { ZipEntry };

/** The files of a zip on the disk. Nothing is unpacked to disk; what cannot be read throws a Fault, when it is met. */
export function zipEntries(file: string): ZipEntry[] {
  const chunks = (from: number, to?: number) => chunksOf(file, from, to);
  const entries = asFaults(() => entriesOf({ sizeBytes: fs.statSync(file).size, chunks }));
  return entries.map((entry) => ({ ...entry, open: () => opened(entry) }));
}

function* opened(entry: ZipEntry): Generator<Uint8Array> {
  const chunks = entry.open();
  try {
    for (let next = asFaults(() => chunks.next()); !next.done; next = asFaults(() => chunks.next())) yield next.value;
  } finally {
    chunks.return(undefined);
  }
}

function asFaults<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unreadable) throw new Fault("import.unreadable", error.message, { cause: error });
    throw error;
  }
}
