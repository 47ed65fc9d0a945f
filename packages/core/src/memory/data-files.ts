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

/** Whether a data file looks as it did when it was last written or read; one that is not there, if none was known. */
export function isAsRemembered(db: Database, path: string, facts: FileFacts | undefined): boolean {
  const sql = "SELECT path, size, mtime_ms, ctime_ms, inode FROM data_files WHERE path = ?";
  const file = db.prepare(sql).get(path) as DataFile | undefined;
  return file && facts ? looksLike(file, facts) : !file && !facts;
}

function looksLike(file: DataFile, { size, mtimeMs, ctimeMs, inode }: FileFacts): boolean {
  return file.size === size && file.mtime_ms === mtimeMs && file.ctime_ms === ctimeMs && file.inode === inode;
}

/** How data files looked when they were last written or read. */
export class KnownFiles {
  readonly #files: ReadonlyMap<string, DataFile>;

  constructor(db: Database) {
    const sql = "SELECT path, size, mtime_ms, ctime_ms, inode FROM data_files";
    this.#files = new Map((db.prepare(sql).all() as DataFile[]).map((each) => [each.path, each]));
  }

  isAsKnown(path: string, facts: FileFacts): boolean {
    const file = this.#files.get(path);
    return file !== undefined && looksLike(file, facts);
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
