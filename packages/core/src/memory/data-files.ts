import type { Database } from "../ports/database.ts";
import type { FileFacts } from "../ports/files.ts";

/** Notes how a data file looks, so that only the writes of others are read again; undefined when it is gone. */
export function rememberFile(db: Database, path: string, facts: FileFacts | undefined): void {
  if (!facts) return void db.prepare("DELETE FROM data_files WHERE path = ?").run(path);
  const { size, mtimeMs, ctimeMs, inode } = facts;
  db.prepare("INSERT OR REPLACE INTO data_files VALUES (?, ?, ?, ?, ?)").run(path, size, mtimeMs, ctimeMs, inode);
}

/** Whether a data file looks as it did when it was last written or read. */
export function isKnown(db: Database, path: string, facts: FileFacts): boolean {
  const sql = "SELECT 1 FROM data_files WHERE path = ? AND size = ? AND mtime_ms = ? AND ctime_ms = ? AND inode = ?";
  return db.prepare(sql).get(path, facts.size, facts.mtimeMs, facts.ctimeMs, facts.inode) !== undefined;
}
