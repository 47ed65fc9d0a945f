import type { Database } from "../ports/database.ts";
import type { FileFacts } from "../ports/files.ts";

/** Notes how a data file looks, so that only the writes of others are read again; undefined when it is gone. */
export function rememberFile(db: Database, path: string, facts: FileFacts | undefined): void {
  if (!facts) return void db.prepare("DELETE FROM data_files WHERE path = ?").run(path);
  const { size, mtimeMs, inode } = facts;
  db.prepare("INSERT OR REPLACE INTO data_files VALUES (?, ?, ?, ?)").run(path, size, mtimeMs, inode);
}

/** Whether a data file looks as it did when it was last written or read. */
export function isKnown(db: Database, path: string, facts: FileFacts): boolean {
  const row = db.prepare("SELECT size, mtime_ms, inode FROM data_files WHERE path = ?").get(path) as
    | { size: number; mtime_ms: number; inode: number }
    | undefined;
  return row?.size === facts.size && row.mtime_ms === facts.mtimeMs && row.inode === facts.inode;
}
