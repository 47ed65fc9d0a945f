import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import * as path from "node:path";

/** Every call by which a home's files, its keys' and its witness's become others. The index is SQLite's, and copied with them. */
const calls = [
  "openSync",
  "writeSync",
  "writeFileSync",
  "fdatasync",
  "renameSync",
  "rmSync",
  "ftruncateSync",
  "mkdirSync",
] as const; // prettier-ignore

export interface Crash {
  /** How many calls are let through; what the disk holds then is what the crash leaves. */
  after: number;
  /** Where that call writes bytes, half of them are written. */
  isTorn: boolean;
}

/**
 * Does some work, and copies the folder as it is when a call is about to be made: what a killed process would leave. Says
 * whether the work came that far; else the copy is of the end.
 */
export async function copyAtCrash(folder: string, copy: string, crash: Crash, work: () => Promise<void>) {
  let left = crash.after;
  let isTaken = false;
  const take = () => {
    isTaken = true;
    execFileSync("cp", ["-pPR", folder, copy]);
  };
  const real = new Map<string, unknown>();
  for (const name of calls) {
    const call = fs[name] as (...args: unknown[]) => unknown;
    real.set(name, call);
    const watched = (...args: unknown[]) => {
      if (isTaken || !isWrite(name, args) || left-- > 0) return call(...args);
      const [fd, bytes, from = 0] = args;
      if (name !== "writeSync" || !crash.isTorn || !(bytes instanceof Uint8Array)) {
        take();
        return call(...args);
      }
      // The caller writes what is left.
      const written = call(fd, bytes, from, Math.ceil((bytes.length - Number(from)) / 2));
      take();
      return written;
    };
    Object.assign(fs, { [name]: watched });
  }
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, Object.fromEntries(real));
    syncBuiltinESMExports();
  }
  if (!isTaken) execFileSync("cp", ["-pPR", folder, copy]);
  return isTaken;
}

/** A file that is opened to be read becomes no other one. */
const isWrite = (name: string, [, flags]: unknown[]): boolean =>
  name !== "openSync" || (flags !== "r" && typeof flags === "string");

/** Makes a folder what its copy is. A file that is the same stays the file that it is, and one that grew keeps its inode. */
export function becomeCopy(folder: string, copy: string): void {
  for (const name of filesIn(folder)) if (!fs.existsSync(path.join(copy, name))) fs.rmSync(path.join(folder, name));
  for (const name of filesIn(copy)) {
    const [from, to] = [path.join(copy, name), path.join(folder, name)];
    if (isSame(from, to)) continue;
    fs.mkdirSync(path.dirname(to), { recursive: true });
    // Nobody puts the time of a file's last change back: an index that looks as if somebody had is not believed.
    if (name.startsWith(path.join("home", "memory", "index"))) fs.rmSync(to, { force: true });
    execFileSync("cp", ["-pP", from, to]);
  }
  fs.rmSync(copy, { recursive: true });
}

function isSame(a: string, b: string): boolean {
  const [first, second] = [a, b].map((file) => fs.lstatSync(file, { bigint: true, throwIfNoEntry: false }));
  return first !== undefined && first.size === second?.size && first.mtimeNs === second.mtimeNs;
}

export const filesIn = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.isSocket())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
