import * as fs from "node:fs";
import * as path from "node:path";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { Fault } from "@mh/contract/values/fault.ts";
import { linesByPart } from "@mh/core/ports/byte-lines.ts";
import { type Parts, partsOf } from "@mh/core/ports/bytes.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import type { AppendFile, FileFacts, Files, FoundFile, Gzip } from "@mh/core/ports/files.ts";
import { cutOffName, removeCutOff, removeKept } from "./cut-off-writes.ts";
import {
  closeFile,
  isThere,
  makeFolder,
  owe,
  putInPlace,
  removeFile,
  sync,
  syncFolder,
  syncNames,
} from "./durable-names.ts";
import { openToRead, refuseOther } from "./plain-file.ts";

/** The files below one folder of this machine. New folders are 0700, new files 0600. */
export function nodeFiles(root: string): Files {
  const at = (name: string): string => {
    if (isPlain(name)) return root + path.sep + name;
    const full = path.resolve(root, name);
    if (full === root || full.startsWith(root + path.sep)) return full;
    throw new Fault("disk.failed", `${name} lies outside the home.`);
  };
  const files: Files = {
    read: (name, end) => readOf(at(name), isDatabase(name), readPlainFile)?.subarray(0, end),
    readPart: (name, from, to) => readOf(at(name), isDatabase(name), (fd) => readPart(fd, from, to)),
    lines: (name, holding) => linesOf(at(name), holding),
    facts: (name) => guarded(at(name), factsOf),
    list: (folder) => guarded(at(folder), (full) => below(root, full, (entry) => entry.isFile())),
    found: (folder) => foundBelow(at(folder), prefixOf(root, at(folder))),
    names: (folder) => guarded(at(folder), namesIn),
    links: (folder) => guarded(at(folder), (full) => below(root, full, (entry) => entry.isSymbolicLink())),
    linkOn: (name) => guarded(at(name), () => linkOn(root, name)),
    open: (name) => guarded(at(name), (full) => new NodeAppendFile(full)),
    replace: (name, bytes) => guarded(at(name), (full) => replace(full, bytes)),
    remove: (name) => guarded(at(name), removeFile),
    outlast: (name) => guarded(at(name), (full) => outlast(root, full)),
  };
  return files;
}

/** Whether a path is made of names alone: nothing in it leads elsewhere. Opening asks about every file. */
const isPlain = (name: string): boolean => !/(?:^|[/\\])(?:[./\\]|$)/.test(name);

export const nodeGzip: Gzip = {
  compress: (bytes) => gzipSync(bytes, { level: 9 }),
  expand: (bytes) => gunzipSync(bytes),
  salvage: salvaged,
};

/** All of what opens whole; of what does not, by halving: up to where what is compressed opens, though it ends too early. */
function salvaged(bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(gunzipSync(bytes));
  } catch {
    // It is damaged: as much of it as opens.
  }
  let [low, high, best] = [0, bytes.length, new Uint8Array()];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    try {
      best = new Uint8Array(gunzipSync(bytes.subarray(0, middle), { finishFlush: constants.Z_SYNC_FLUSH }));
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return best;
}

class NodeAppendFile implements AppendFile {
  readonly #full: string;
  readonly #fd: number;
  readonly #file: string;
  #size: number;
  /** Whether there is more in the file than was appended, because the disk failed twice. */
  #isTorn = false;

  constructor(full: string) {
    const folder = path.dirname(full);
    makeFolder(folder);
    if (!isThere(full)) owe(folder);
    this.#full = full;
    this.#fd = fs.openSync(full, "a", 0o600);
    try {
      const stat = fs.fstatSync(this.#fd);
      this.#file = identityOf(stat);
      this.#size = stat.size;
      syncNames(folder);
    } catch (error) {
      closeFile(this.#fd);
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  get isOwn(): boolean {
    try {
      const stat = fs.statSync(this.#full);
      // What a disk that failed did not let go of is its own, too.
      const isLong = this.#isTorn ? stat.size >= this.#size : stat.size === this.#size;
      return identityOf(stat) === this.#file && isLong;
    } catch {
      return false;
    }
  }

  append(bytes: Uint8Array): void {
    if (this.#isTorn) this.truncate(this.#size);
    try {
      let written = 0;
      while (written < bytes.length) {
        const more = fs.writeSync(this.#fd, bytes, written);
        if (more === 0) throw new Fault("disk.failed", "The disk takes nothing more, and does not say why.");
        written += more;
      }
      this.#size += bytes.length;
    } catch (error) {
      this.#cutOff();
      throw diskFault(error, this.#full);
    }
  }

  /** A disk that fills up half-way leaves part of a line. */
  #cutOff(): void {
    this.#isTorn = true;
    try {
      this.truncate(this.#size);
    } catch {
      // What failed first is what is told, and nothing is appended before this is done.
    }
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.#fd, (error) => (error ? reject(diskFault(error, this.#full)) : resolve()));
    });
  }

  truncate(size: number): void {
    guarded(this.#full, () => fs.ftruncateSync(this.#fd, size));
    this.#size = size;
    this.#isTorn = false;
  }

  [Symbol.dispose](): void {
    closeFile(this.#fd);
  }
}

const identityOf = ({ dev, ino }: fs.Stats): string => `${dev}:${ino}`;

/** Puts a whole file in place, durable, for its owner alone: whoever looks sees the former one or this one. */
function replace(full: string, bytes: Parts): void {
  const folder = path.dirname(full);
  makeFolder(folder);
  removeKept();
  const temporary = cutOffName(full);
  try {
    const fd = fs.openSync(temporary, "w", 0o600);
    try {
      for (const part of partsOf(bytes)) fs.writeFileSync(fd, part);
      fs.fsyncSync(fd);
    } finally {
      closeFile(fd);
    }
    putInPlace(temporary, full);
  } catch (error) {
    removeCutOff(temporary);
    throw error;
  }
  syncNames(folder);
}

/** A process that was killed waited for none of this, and which folders it made nobody knows. */
function outlast(root: string, full: string): void {
  if (isThere(full)) syncWhole(full);
  for (let folder = path.dirname(full); ; folder = path.dirname(folder)) {
    if (isThere(folder)) syncFolder(folder);
    if (folder === root) return;
  }
}

/** One that its owner made read-only is synced all the same. */
function syncWhole(full: string): void {
  try {
    sync(full, "r+");
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes((error as { code?: string }).code ?? "")) throw error;
    sync(full, "r");
  }
}

/** Databases of a home, and what SQLite puts beside them. */
const isDatabase = (name: string): boolean => /^(?:run|memory\/index)\/[^/]+\.db(?:-\w+)?$/.test(name);

/** By path: a descriptor of a database, and the file that it leads to. */
const databases = new Map<string, { fd: number; file: string }>();

/**
 * Lets a file be read, without waiting for it.
 * A database stays open: its locks are the process's, and POSIX lets go of all of them once any descriptor of it is closed.
 */
function withOpen<T>(full: string, isDatabase: boolean, read: (fd: number, full: string) => T): T {
  if (isDatabase) return read(databaseOpen(full), full);
  const fd = openToRead(full);
  try {
    return read(fd, full);
  } finally {
    closeFile(fd);
  }
}

function databaseOpen(full: string): number {
  const { dev, ino } = fs.statSync(full, { bigint: true });
  const file = `${dev}:${ino}`;
  const known = databases.get(full);
  if (known?.file === file) return known.fd;
  // Another file stands there now: nobody else can open the former one, and its locks keep nobody out.
  if (known) closeFile(known.fd);
  const fd = openToRead(full);
  databases.set(full, { fd, file });
  return fd;
}

function readPlainFile(fd: number, full: string): Uint8Array {
  const stat = fs.fstatSync(fd);
  refuseOther(stat, full);
  return readPart(fd, 0, stat.size);
}

function* linesOf(full: string, holding?: readonly string[]): Generator<string> {
  const fd = openIfThere(full);
  if (fd === undefined) return;
  try {
    const stat = guarded(full, () => fs.fstatSync(fd));
    refuseOther(stat, full);
    // What is appended meanwhile belongs to the next look.
    let left = stat.size;
    const fill = (into: Uint8Array) => {
      const read = guarded(full, () => fs.readSync(fd, into, 0, Math.min(into.length, left), stat.size - left));
      left -= read;
      return read;
    };
    yield* linesByPart(fill, stat.size, holding);
  } finally {
    closeFile(fd);
  }
}

function openIfThere(full: string): number | undefined {
  try {
    return openToRead(full);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw diskFault(error, full);
  }
}

function readPart(fd: number, from: number, to: number): Uint8Array {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  let read = 0;
  while (read < buffer.length) {
    const n = fs.readSync(fd, buffer, read, buffer.length - read, from + read);
    if (n === 0) break;
    read += n;
  }
  return buffer.subarray(0, read);
}

function factsOf(full: string): FileFacts | undefined {
  const stat = fs.statSync(full, { throwIfNoEntry: false });
  return stat && { size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, inode: stat.ino };
}

/** How all files below a folder look. One look tells what lies under a name, too. */
function* foundBelow(full: string, prefix: string, above: readonly string[] = [full]): Generator<FoundFile> {
  const within = full + path.sep;
  for (const name of guarded(full, allNamesIn)) {
    const at = within + name;
    const stat = guarded(at, lookAtItself);
    if (stat?.isFile())
      yield { path: prefix + name, size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, inode: stat.ino };
    else if (stat?.isDirectory() || (stat?.isSymbolicLink() && guarded(at, (link) => leadsOn(link, above))))
      yield* foundBelow(at, `${prefix}${name}/`, [...above, at]);
  }
}

const allNamesIn = (full: string): string[] => (isThere(full) ? fs.readdirSync(full) : []);
const lookAtItself = (full: string): fs.Stats | undefined => fs.lstatSync(full, orNone);
const orNone = { throwIfNoEntry: false } as const;

/** Also what lies in folders that links lead to, as on another disk. Node's own recursion looks at each file once more. */
function below(root: string, full: string, isWanted: (entry: fs.Dirent) => boolean): string[] {
  const found: string[] = [];
  // `above`: the folders that it lies in. A link to one of them would lead on for ever.
  const look = (folder: string, prefix: string, above: readonly string[]) => {
    for (const entry of entriesIn(folder)) {
      if (isWanted(entry)) found.push(prefix + entry.name);
      if (!entry.isSymbolicLink() && !entry.isDirectory()) continue;
      const at = path.join(folder, entry.name);
      if (entry.isDirectory() || leadsOn(at, above)) look(at, `${prefix}${entry.name}/`, [...above, at]);
    }
  };
  look(full, prefixOf(root, full), [full]);
  return found.sort();
}

/** How the paths of what lies in a folder begin. */
function prefixOf(root: string, full: string): string {
  const prefix = path.relative(root, full).split(path.sep).join("/");
  return prefix === "" ? "" : `${prefix}/`;
}

/** Whether a link leads to a folder, and to none of those that it lies in. */
function leadsOn(link: string, above: readonly string[]): boolean {
  const stat = leadsTo(link);
  return stat?.isDirectory() === true && !above.some((folder) => isSameFile(leadsTo(folder), stat));
}

const isSameFile = (a: fs.Stats | undefined, b: fs.Stats): boolean =>
  a !== undefined && identityOf(a) === identityOf(b);

/** Undefined where nothing is, or a link that leads nowhere or in a circle. */
function leadsTo(at: string): fs.Stats | undefined {
  try {
    return fs.statSync(at, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as { code?: string }).code === "ELOOP") return undefined;
    throw error;
  }
}

/** None where there is no such folder; of one that only cannot be looked at, nobody may think that all in it is gone. */
function entriesIn(full: string): fs.Dirent[] {
  return isThere(full) ? fs.readdirSync(full, { withFileTypes: true }) : [];
}

function namesIn(full: string): { name: string; isFolder: boolean }[] {
  return entriesIn(full)
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function linkOn(root: string, name: string): string | undefined {
  const parts = name.split("/");
  const paths = parts.map((_, n) => parts.slice(0, n + 1).join("/"));
  const isLink = (each: string) => fs.lstatSync(path.join(root, each), { throwIfNoEntry: false })?.isSymbolicLink();
  return paths.find(isLink);
}

/** Undefined where there is none. */
function readOf(
  full: string,
  isDatabase: boolean,
  read: (fd: number, full: string) => Uint8Array,
): Uint8Array | undefined {
  try {
    return withOpen(full, isDatabase, read);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw diskFault(error, full);
  }
}

function guarded<T>(full: string, work: (full: string) => T): T {
  try {
    return work(full);
  } catch (error) {
    throw diskFault(error, full);
  }
}
