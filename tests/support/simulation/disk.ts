import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import * as path from "node:path";
import type { Dice } from "../../fuzz/dice.ts";
import { filesBelow } from "../files-below.ts";
import { afterKill, afterPowerCut, type Image, isDatabase } from "./image.ts";

/** A call that goes wrong. */
export interface Trouble {
  /** After so many calls that change something. */
  after: number;
  code: "EIO" | "ENOSPC";
  /** Nothing of the call is done, all of it, or half of the bytes that it was to write. */
  when: "before" | "after" | "half";
  /** How many calls in a row; a disk that stays broken has no end. */
  calls: number;
}

/** When everything ends: what is written and not synced stays at a kill, and at a power cut as the dice say. */
export interface End {
  after: number;
  how: "kill" | "power";
  /** Half of the bytes that the last call was to write are written. */
  isTorn: boolean;
}

interface File {
  /** What of it survives a power cut. */
  synced: Buffer;
}

type Real = Pick<typeof fs, (typeof calls)[number]>;
const calls = [
  ...(["openSync", "closeSync", "writeSync", "writeFileSync", "fsyncSync", "fdatasync"] as const),
  ...(["renameSync", "rmSync", "ftruncateSync", "mkdirSync"] as const),
] as const;

/**
 * The calls of this process that change files below a folder, as on a disk that fails, fills up and loses its power. What is
 * on it is what lies in the folder; beside it is known what of that was synced, names and bytes. Databases are left alone.
 */
export class FaultyDisk implements Disposable {
  readonly #folder: string;
  readonly #dice: Dice;
  readonly #real: Real;
  /** What was done, one line a call. */
  readonly #story: string[];
  readonly #open = new Map<number, { file: File | undefined; path: string }>();
  /** What lies where now. */
  #files = new Map<string, File>();
  /** Of each folder, what of its names survives a power cut. */
  #names = new Map<string, Map<string, File | "folder">>();
  #calls = 0;
  #failed = 0;
  #troubles: { trouble: Trouble; left: number }[] = [];
  #end: End | undefined;
  #left: Image | undefined;

  constructor(folder: string, dice: Dice, story: string[]) {
    this.#folder = folder;
    this.#story = story;
    this.#dice = dice;
    this.#real = Object.fromEntries(calls.map((name) => [name, fs[name]])) as Real;
    this.#takeIn();
    const watched = this.#watched();
    Object.assign(fs, watched);
    syncBuiltinESMExports();
  }

  /** Begins to count anew. */
  plan(troubles: readonly Trouble[], end: End | undefined): void {
    this.#calls = 0;
    this.#troubles = troubles.map((trouble) => ({ trouble, left: trouble.calls }));
    this.#end = end;
  }

  /** How many calls went wrong. */
  get failed(): number {
    return this.#failed;
  }

  /** Whether it ended. Nothing is written from then on. */
  get isOver(): boolean {
    return this.#left !== undefined;
  }

  /** Ends now, if it did not yet. */
  stop(how: End["how"]): void {
    this.#left ??= this.#leave(how);
  }

  /** Puts in place what was left when it ended, with all of it synced. */
  restart(): void {
    this.stop("kill");
    const left = this.#left;
    this.#left = undefined;
    this.plan([], undefined);
    left?.putInto(this.#folder);
    this.#open.clear();
    this.#takeIn();
  }

  [Symbol.dispose](): void {
    Object.assign(fs, this.#real);
    syncBuiltinESMExports();
  }

  #takeIn(): void {
    this.#files = new Map();
    this.#names = new Map([[this.#folder, new Map()]]);
    for (const at of filesBelow(this.#folder))
      if (!isDatabase(at)) this.#files.set(at, { synced: fs.readFileSync(at) });
    for (const folder of this.#folders()) this.#syncNames(folder);
  }

  #folders(): string[] {
    const entries = fs.readdirSync(this.#folder, { recursive: true, withFileTypes: true });
    return [this.#folder, ...entries.filter((e) => e.isDirectory()).map((e) => path.join(e.parentPath, e.name))];
  }

  #syncNames(folder: string): void {
    const names = new Map<string, File | "folder">();
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = this.#files.get(path.join(folder, entry.name));
      if (entry.isDirectory()) names.set(entry.name, "folder");
      else if (file) names.set(entry.name, file);
    }
    this.#names.set(folder, names);
  }

  #leave(how: End["how"]): Image {
    this.#story.push(how);
    if (how === "kill") return afterKill(this.#folder);
    return afterPowerCut({ dice: this.#dice, names: this.#names, files: this.#files, folder: this.#folder });
  }

  #isOurs(at: unknown): at is string {
    return typeof at === "string" && at.startsWith(this.#folder + path.sep) && !isDatabase(at);
  }

  /** What somebody else wrote, and what is safe on the disk. */
  writeByHand(at: string, text: string): void {
    this.#real.writeFileSync(at, text);
    const file = { synced: Buffer.from(text) };
    this.#files.set(at, file);
    this.#names.get(path.dirname(at))?.set(path.basename(at), file);
  }

  /** Does a call, or lets it go wrong. `half`: how half of it is done. */
  #call<T>(what: string, whole: () => T, half?: () => T): T {
    if (this.#left) throw failure("EIO", `${what}, when all was over`);
    const n = this.#calls++;
    if (this.#end && n >= this.#end.after) {
      this.#story.push(`  ${n} ${what} the last`);
      if (this.#end.isTorn) half?.();
      this.#left = this.#leave(this.#end.how);
      throw failure("EIO", `${what}, the last one`);
    }
    const found = this.#troubles.find(({ trouble, left }) => n >= trouble.after && left > 0);
    this.#story.push(`  ${n} ${what}${found ? ` ${found.trouble.code} ${found.trouble.when}` : ""}`);
    if (!found) return whole();
    found.left -= 1;
    this.#failed += 1;
    const { when, code } = found.trouble;
    // So many bytes were written, and the caller goes on with the others.
    if (when === "half" && half) return half();
    if (when === "after") whole();
    throw failure(code, what);
  }

  #watched(): Real {
    const real = this.#real;
    const nameOf = (at: string) => path.relative(this.#folder, at);
    const fdName = (fd: number) => nameOf(this.#open.get(fd)?.path ?? "");
    const known = (fd: unknown): fd is number => typeof fd === "number" && this.#open.has(fd);
    const openSync = (at: string, flags?: string | number, mode?: number): number => {
      const isFolder = flags === "r" && fs.statSync(at, { throwIfNoEntry: false })?.isDirectory();
      if (!this.#isOurs(at) && !(isFolder && at === this.#folder)) return real.openSync(at, flags as "r", mode);
      const isNew = !fs.existsSync(at);
      const isWrite = typeof flags === "string" && flags !== "r";
      const open = () => {
        const fd = real.openSync(at, flags as "r", mode);
        if (isWrite && isNew) this.#files.set(at, { synced: Buffer.alloc(0) });
        if (isWrite || isFolder) this.#open.set(fd, { path: at, file: this.#files.get(at) });
        return fd;
      };
      return isWrite ? this.#call(`open ${nameOf(at)}`, open) : open();
    };
    const closeSync = (fd: number): void => {
      if (!known(fd)) return real.closeSync(fd);
      const name = fdName(fd);
      this.#open.delete(fd);
      // Whatever it says, a descriptor is closed then.
      real.closeSync(fd);
      if (!this.#left) this.#call(`close ${name}`, () => undefined);
    };
    const writeSync = (fd: number, bytes: Uint8Array, from?: number, ...rest: unknown[]): number => {
      const write = real.writeSync as (...args: unknown[]) => number;
      if (!known(fd)) return write(fd, bytes, from, ...rest);
      const length = bytes.length - (from ?? 0);
      const half = () => write(fd, bytes, from ?? 0, Math.floor(length / 2));
      return this.#call(`write ${fdName(fd)} ${length}`, () => write(fd, bytes, from, ...rest), half);
    };
    // Of bytes it is a `writeSync`; of a text it would be a call that nobody sees.
    const writeFileSync = (at: number | string, data: Uint8Array | string, options?: object): void =>
      real.writeFileSync(at, typeof data === "string" ? Buffer.from(data) : data, options);
    const sync = (fd: number): void => {
      const open = this.#open.get(fd);
      if (!open) return;
      if (open.file === undefined) this.#syncNames(open.path);
      else if (this.#files.get(open.path) === open.file) open.file.synced = fs.readFileSync(open.path);
    };
    const renameSync = (from: string, to: string): void => {
      if (!this.#isOurs(to)) {
        real.renameSync(from, to);
        this.#files.delete(from);
        return;
      }
      this.#call(`rename ${nameOf(to)}`, () => {
        real.renameSync(from, to);
        for (const [at, file] of [...this.#files]) {
          if (at !== from && !at.startsWith(from + path.sep)) continue;
          this.#files.delete(at);
          this.#files.set(to + at.slice(from.length), file);
        }
        for (const open of this.#open.values()) if (open.path === from) open.path = to;
      });
    };
    const rmSync = (at: string, options?: object): void => {
      if (!this.#isOurs(at) || !fs.existsSync(at)) return real.rmSync(at, options);
      this.#call(`remove ${nameOf(at)}`, () => {
        real.rmSync(at, options);
        for (const each of [...this.#files.keys()])
          if (each === at || each.startsWith(at + path.sep)) this.#files.delete(each);
      });
    };
    const mkdirSync = (at: string, options?: object): string | undefined => {
      if (!this.#isOurs(at) || fs.existsSync(at)) return real.mkdirSync(at, options) as unknown as undefined;
      return this.#call(`make ${nameOf(at)}`, () => real.mkdirSync(at, options) as unknown as string | undefined);
    };
    const fsyncSync = (fd: number): void => {
      if (known(fd)) this.#call(`sync ${fdName(fd)}`, () => sync(fd));
      else real.fsyncSync(fd);
    };
    // In the order in which they were asked for: a run of the same seed is the same run.
    const fdatasync = (fd: number, done: (error: Error | null) => void): void => {
      if (!known(fd)) return real.fdatasync(fd, done);
      let error: Error | null = null;
      try {
        this.#call(`sync ${fdName(fd)}`, () => sync(fd));
      } catch (thrown) {
        error = thrown as Error;
      }
      setImmediate(() => done(error));
    };
    const ftruncateSync = (fd: number, size?: number): void => {
      if (!known(fd)) return real.ftruncateSync(fd, size);
      this.#call(`truncate ${fdName(fd)} ${size}`, () => real.ftruncateSync(fd, size));
    };
    return {
      ...{ openSync, closeSync, fsyncSync, fdatasync, renameSync, rmSync, ftruncateSync },
      ...{ writeSync, writeFileSync, mkdirSync },
    } as unknown as Real;
  }
}

/** As the system says it. `what` begins with the word of the story for the call. */
const failure = (code: string, what: string): Error => {
  const [word = ""] = what.split(" ");
  const message = `${code}: the disk of the simulation failed, ${what}`;
  return Object.assign(new Error(message), { code, syscall: syscalls[word] ?? word });
};

const syscalls: Readonly<Record<string, string>> = {
  sync: "fsync",
  remove: "rm",
  make: "mkdir",
  truncate: "ftruncate",
};
