import type { Database } from "../ports/database.ts";
import type { FileFacts } from "../ports/files.ts";

/** Notes how a data file looks, so that only the writes of others are read again; undefined when it is gone. */
export function rememberFile(db: Database, path: string, facts: FileFacts | undefined): void {
  if (!facts) return void db.prepare("DELETE FROM data_files WHERE path = ?").run(path);
  const { size, mtimeMs, ctimeMs, inode } = facts;
  db.prepare("INSERT OR REPLACE INTO data_files VALUES (?, ?, ?, ?, ?)").run(path, size, mtimeMs, ctimeMs, inode);
}

/** Tells whether data files look as they did when they were last written or read: many at once. */
export function knownFiles(db: Database): (path: string, facts: FileFacts) => boolean {
  const known = new Map<string, DataFile>();
  for (const each of db.prepare("SELECT * FROM data_files").iterate() as IterableIterator<DataFile>)
    known.set(each.path, each);
  return (path, { size, mtimeMs, ctimeMs, inode }) => {
    const file = known.get(path);
    return file?.size === size && file.mtime_ms === mtimeMs && file.ctime_ms === ctimeMs && file.inode === inode;
  };
}

interface DataFile {
  path: string;
  size: number;
  mtime_ms: number;
  ctime_ms: number;
  inode: number;
}
