import * as fs from "node:fs";
import { holderOf } from "./usage.ts";

/**
 * What the kernel keeps for one lock on a file, or for one thing that epoll watches: some hundred bytes. A person may have a
 * number of watches for all their programs together (fs.epoll.max_user_watches), and Node ends itself where there are none
 * left; at this price no job comes near to it.
 */
const entryBytes = 4_096;
/** A file on its way over a socket is in no process, and what it holds is nowhere to be seen. */
const onItsWayBytes = 2 ** 20;
/** Lines of fdinfo that say what the file is. */
const factsMax = 8;
/** In one look. */
const filesMax = 1_000;

/**
 * Memory that the kernel keeps for open files beside themselves: locks and watches, each a line in fdinfo (proc(5)), and
 * files on their way. Some files a look; the sum is that of a whole round, or of the round under way where it is more.
 */
export class HeldByFiles {
  readonly #bytesMax: number;
  readonly #chunk = Buffer.allocUnsafe(65_536);
  #round: Iterator<string> | undefined;
  #last = 0;
  #sum = 0;

  /** It looks no further once it is more than that. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return Math.max(this.#last, this.#sum);
  }

  get isLooking(): boolean {
    return this.#round !== undefined;
  }

  look(pids: readonly number[]): void {
    this.#round ??= filesOf(pids);
    for (let files = 0; files < filesMax && this.#sum <= this.#bytesMax; files += 1) {
      const { done, value } = this.#round.next();
      if (done === true) {
        [this.#last, this.#sum, this.#round] = [this.#sum, 0, undefined];
        return;
      }
      this.#read(value);
    }
  }

  #read(file: string): void {
    let fd: number;
    try {
      fd = fs.openSync(file, "r");
    } catch {
      // Closed meanwhile.
      return;
    }
    try {
      let lines = -factsMax;
      let read = fs.readSync(fd, this.#chunk);
      const onTheirWay = Number(/^scm_fds:\s*(\d+)/m.exec(this.#chunk.toString("latin1", 0, read))?.[1] ?? 0);
      this.#sum += onTheirWay * onItsWayBytes;
      for (; read > 0 && this.#sum <= this.#bytesMax; read = fs.readSync(fd, this.#chunk)) {
        const before = Math.max(0, lines);
        for (let at = this.#chunk.indexOf(10); at >= 0 && at < read; at = this.#chunk.indexOf(10, at + 1)) lines += 1;
        this.#sum += (Math.max(0, lines) - before) * entryBytes;
      }
    } catch {
      // Its process ended meanwhile.
    } finally {
      fs.closeSync(fd);
    }
  }
}

function* filesOf(pids: readonly number[]): Iterator<string> {
  for (const pid of pids) {
    const holder = holderOf(pid);
    if (holder === undefined) continue;
    let names: string[] = [];
    try {
      names = fs.readdirSync(`${holder}/fdinfo`);
    } catch {
      // It ended meanwhile.
    }
    for (const name of names) yield `${holder}/fdinfo/${name}`;
  }
}
