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

/** Whether a data file looks as it did when it was last written or read; one that is not there, if none was known. */
export function isAsRemembered(db: Database, path: string, facts: FileFacts | undefined): boolean {
  const sql = "SELECT path, size, mtime_ms, ctime_ms, inode FROM data_files WHERE path = ?";
  const file = db.prepare(sql).get(path) as DataFile | undefined;
  return file && facts ? isAsKnown(file, facts) : !file && !facts;
}

/** What others did to the files of a place since they were last written or read. */
export interface FileChanges {
  /** Those that look otherwise than they were known, or were not known. */
  changed: FoundFile[];
  /** Those that were known and are not there. */
  gone: string[];
}

/**
 * Compares what is found at a place, a file or a folder, with how it was known. Both come in order and are read side by side:
 * a home has as many files as tasks and days, and next to none of them changed.
 */
export function fileChanges(
  db: Database,
  place: string,
  found: Iterable<FoundFile>,
  isWanted: (path: string) => boolean,
): FileChanges {
  const changed: FoundFile[] = [];
  const unmet = new Map<string, DataFile>();
  const others: FoundFile[] = [];
  const files = found[Symbol.iterator]();
  const next = (): FoundFile | undefined => files.next().value;
  let each = next();
  for (const file of knownAt(db, place)) {
    for (; each && each.path !== file.path && each.path < file.path; each = next()) others.push(each);
    if (each?.path !== file.path) unmet.set(file.path, file);
    else {
      if (!isAsKnown(file, each)) changed.push(each);
      each = next();
    }
  }
  for (; each; each = next()) others.push(each);
  // Where the two are in different orders, as with an emoji in a name, files missed each other.
  for (const other of others) {
    const file = unmet.get(other.path);
    unmet.delete(other.path);
    if (!file || !isAsKnown(file, other)) changed.push(other);
  }
  return { changed: changed.filter(({ path }) => isWanted(path)), gone: [...unmet.keys()].filter(isWanted) };
}

interface DataFile {
  path: string;
  size: number;
  mtime_ms: number;
  ctime_ms: number;
  inode: number;
}

/** In order, among them those whose names only begin like the place: `0` is what comes after `/`. */
function knownAt(db: Database, place: string): IterableIterator<DataFile> {
  const sql = `SELECT path, size, mtime_ms, ctime_ms, inode FROM data_files
    WHERE path >= ? AND path < ? ORDER BY path`;
  return db.prepare(sql).iterate(place, `${place}0`) as IterableIterator<DataFile>;
}

const isAsKnown = (file: DataFile, { size, mtimeMs, ctimeMs, inode }: FileFacts): boolean =>
  file.size === size && file.mtime_ms === mtimeMs && file.ctime_ms === ctimeMs && file.inode === inode;
