import { type FileNames, fileName } from "../documents/file-name.ts";
import type { Database } from "../ports/database.ts";
import type { FileFacts } from "../ports/files.ts";

/** Notes how a data file looks, so that only the writes of others are read again; undefined when it is gone. */
export function rememberFile(db: Database, names: FileNames, path: string, facts: FileFacts | undefined): void {
  if (!facts) return void db.prepare("DELETE FROM data_files WHERE path = ?").run(path);
  const { size, mtimeMs, ctimeMs, inode } = facts;
  const sql = "INSERT OR REPLACE INTO data_files VALUES (?, ?, ?, ?, ?, ?)";
  db.prepare(sql).run(path, fileName(names, path), size, mtimeMs, ctimeMs, inode);
}

/** How data files looked when they were last written or read. */
export class KnownFiles {
  readonly #files: ReadonlyMap<string, DataFile>;

  constructor(db: Database) {
    const sql = "SELECT path, size, mtime_ms, ctime_ms, inode FROM data_files";
    this.#files = new Map((db.prepare(sql).all() as DataFile[]).map((each) => [each.path, each]));
  }

  isAsKnown(path: string, { size, mtimeMs, ctimeMs, inode }: FileFacts): boolean {
    const file = this.#files.get(path);
    return file?.size === size && file.mtime_ms === mtimeMs && file.ctime_ms === ctimeMs && file.inode === inode;
  }

  /** Those that are not among what is there. */
  goneFrom(present: ReadonlySet<string>): string[] {
    return [...this.#files.keys()].filter((path) => !present.has(path));
  }
}

interface DataFile {
  path: string;
  size: number;
  mtime_ms: number;
  ctime_ms: number;
  inode: number;
}
