import { type FileNames, fileName } from "../documents/file-name.ts";
import type { Database } from "../ports/database.ts";
import type { FileFacts, FoundFile } from "../ports/files.ts";

/** Notes how a data file looks, so that only the writes of others are read again; undefined when it is gone. */
export function rememberFile(db: Database, names: FileNames, path: string, facts: FileFacts | undefined): void {
  if (!facts) return void db.prepare("DELETE FROM data_files WHERE path = ?").run(path);
  const { size, mtimeMs, ctimeMs, inode } = facts;
  const sql = "INSERT OR REPLACE INTO data_files VALUES (?, ?, ?, ?, ?, ?)";
  db.prepare(sql).run(path, fileName(names, path), size, mtimeMs, ctimeMs, inode);
}

/** How data files looked when they were last written or read. */
export class KnownFiles {
  readonly #files = new Map<string, DataFile>();
  #found = 0;

  constructor(db: Database) {
    const sql = "SELECT path, size, mtime_ms, ctime_ms, inode, 0 AS found FROM data_files";
    for (const file of db.prepare(sql).all() as DataFile[]) this.#files.set(file.path, file);
  }

  /** Of what was found, what looks otherwise than it was known. */
  changedIn(found: readonly FoundFile[]): FoundFile[] {
    return found.filter((each) => {
      const file = this.#files.get(each.path);
      if (!file) return true;
      this.#found += 1 - file.found;
      file.found = 1;
      return (
        file.size !== each.size ||
        file.mtime_ms !== each.mtimeMs ||
        file.ctime_ms !== each.ctimeMs ||
        file.inode !== each.inode
      );
    });
  }

  /** Those that were in nothing that was found. */
  get gone(): string[] {
    if (this.#found === this.#files.size) return [];
    return [...this.#files.values()].filter(({ found }) => found === 0).map(({ path }) => path);
  }
}

interface DataFile {
  path: string;
  size: number;
  mtime_ms: number;
  ctime_ms: number;
  inode: number;
  found: 0 | 1;
}
