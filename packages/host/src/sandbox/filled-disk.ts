import * as fs from "node:fs";
import * as path from "node:path";
import { namelessFiles } from "./nameless-files.ts";

export interface DiskLimit {
  bytesMax: number;
  filesMax: number;
}

interface Filled {
  bytes: number;
  files: number;
}

/** A folder, and how full its file system was. */
export interface DiskStart extends Filled {
  folder: string;
  sinceMs: number;
}

/** To be taken before anything that writes there begins. Nothing where the folder went away, which no job is given then. */
export function diskStart(folder: string): DiskStart[] {
  if (!fs.existsSync(folder)) return [];
  // File systems stamp files with a clock that may lag the real one by a tick.
  return [{ folder, sinceMs: Date.now() - 20, ...filledOf(fs.statfsSync(folder)) }];
}

const filledOf = ({ bsize, blocks, bfree, files, ffree }: fs.StatsFs): Filled => ({
  bytes: (blocks - bfree) * bsize,
  files: files - ffree,
});

/** What nobody can count is more than there may be. */
const uncounted: Filled = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };

const isTooLong = (error: unknown): boolean => (error as { code?: string }).code === "ENAMETOOLONG";

/** What is looked at before it is clear that nobody will look through all of it. */
const entriesMax = 300_000;

/**
 * Says whether a folder was filled by more than its limit since its start. The file system's own count is cheap and
 * counts what others write as well, so that it only says when to look at the files themselves: those that changed since, and
 * those that have no name any more. Asynchronous: a file system of another machine may not answer.
 */
export class FilledDisk {
  readonly #start: DiskStart;
  readonly #limit: DiskLimit;
  #isLooking = false;
  #isOver = false;

  constructor(start: DiskStart, limit: DiskLimit) {
    this.#start = start;
    this.#limit = limit;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Begins a look, where none is under way. `pids` says whose open files count. */
  look(pids: () => readonly number[]): void {
    if (this.#isLooking || this.#isOver) return;
    this.#isLooking = true;
    this.#look(pids)
      // The folder is gone, and what was in it.
      .catch(() => undefined)
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #look(pids: () => readonly number[]): Promise<void> {
    const { bytes, files } = filledOf(await fs.promises.statfs(this.#start.folder));
    const grown = { bytes: bytes - this.#start.bytes, files: files - this.#start.files };
    if (!this.#exceeds(grown)) return;
    const found = await this.#walk();
    if (this.#exceeds(found)) this.#isOver = true;
    else {
      const { files, hasHidden } = await namelessFiles(pids());
      for (const each of files) this.#add(found, each);
      this.#isOver = hasHidden || this.#exceeds(found);
    }
  }

  #exceeds({ bytes, files }: Filled): boolean {
    return bytes > this.#limit.bytesMax || files > this.#limit.filesMax;
  }

  async #walk(): Promise<Filled> {
    const found = { bytes: 0, files: 0 };
    const waiting = [this.#start.folder];
    let entries = 0;
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const opened = await fs.promises.opendir(folder, { bufferSize: 1_024 }).catch((error: unknown) => error);
      if (!(opened instanceof fs.Dir)) {
        if (await this.#hides(folder, opened)) return uncounted;
        continue;
      }
      for await (const entry of opened) {
        const file = path.join(folder, entry.name);
        if (entry.isDirectory()) waiting.push(file);
        const facts = await fs.promises.lstat(file).catch((error: unknown) => error);
        if (facts instanceof fs.Stats) this.#add(found, facts);
        else if (isTooLong(facts)) return uncounted;
        entries += 1;
        if (entries > entriesMax || this.#exceeds(found)) return found;
      }
    }
    return found;
  }

  /** Whether what lies in a folder that does not open may be the job's: below a path too long to be named, or closed by it. */
  async #hides(folder: string, error: unknown): Promise<boolean> {
    if (isTooLong(error)) return true;
    if ((error as { code?: string }).code !== "EACCES") return false;
    const { ctimeMs } = await fs.promises.lstat(folder);
    return ctimeMs >= this.#start.sinceMs;
  }

  #add(found: Filled, facts: fs.Stats | undefined): void {
    if (!facts || facts.ctimeMs < this.#start.sinceMs) return;
    found.bytes += facts.blocks * 512;
    found.files += 1;
  }
}
