import type { ImportedFile } from "@mh/contract/memory.ts";
import type { Database } from "../../ports/database.ts";
import type { FileStamp } from "./found.ts";

/** How many memories came of a file, where it was read whole, the same way, as it lies there now. */
export function unchangedSince(db: Database, { path, sizeBytes, mtimeMs, readAs }: FileStamp): number | undefined {
  const row = db
    .prepare("SELECT memories FROM import_files WHERE path = ? AND size = ? AND mtime_ms = ? AND read_as = ? LIMIT 1")
    .get(path, sizeBytes, mtimeMs, readAs) as { memories: number } | undefined;
  return row?.memories;
}

/** Remembers a file with all sources that its memories were filed under. */
export function noteFile(db: Database, file: ImportedFile, sources: Iterable<string>): void {
  const { path, sizeBytes, mtimeMs, readAs, memories } = file;
  db.prepare("DELETE FROM import_files WHERE path = ?").run(path);
  const insert = db.prepare("INSERT INTO import_files VALUES (?, ?, ?, ?, ?, ?)");
  for (const source of new Set(sources)) insert.run(path, source, sizeBytes, mtimeMs, readAs, memories);
}
