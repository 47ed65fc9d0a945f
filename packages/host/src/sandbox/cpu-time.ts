import * as os from "node:os";

/** What one process has used of the processor, in ms. */
export interface ProcessTime {
  /** Its number and when it began: the number may be another's later. */
  id: string;
  ownMs: number;
  /** Of the processes that it started and waited for. */
  waitedMs: number;
  /** Whether one of its threads runs; asked of what was not seen before alone. */
  isRunning: () => boolean;
}

/**
 * Adds up what a process and all that came of it used, from looks at those that live. A process that nobody waits for (as
 * where SIGCHLD is ignored) takes its figure along when it ends: what was seen of it stays counted. One that began and
 * ended between two looks is in its parent's figure, if that waited; if not, those that run when we look tell how many they
 * are. That is half believed: on a busy machine what runs may have to wait.
 */
export class CpuTime {
  readonly #cores: number;
  #seen: ReadonlyMap<string, ProcessTime> | undefined;
  /** Of the look before: the system may leave out one that lives, while others end. */
  #missed: ReadonlyMap<string, ProcessTime> = new Map();
  #ownMs = 0;
  #unseenMs = 0;
  #sampledMs = 0;

  constructor(cores = os.availableParallelism()) {
    this.#cores = cores;
  }

  /** Takes in a look, `sinceMs` after the last one, and says how much it is in all. */
  add(processes: readonly ProcessTime[], sinceMs: number): number {
    const [before, now] = [this.#seen ?? new Map<string, ProcessTime>(), new Map<string, ProcessTime>()];
    let [waitedMs, fresh] = [0, 0];
    for (const each of processes) {
      const last = before.get(each.id) ?? this.#missed.get(each.id);
      this.#ownMs += Math.max(0, each.ownMs - (last?.ownMs ?? 0));
      waitedMs += Math.max(0, each.waitedMs - (last?.waitedMs ?? 0));
      if (!last && each.isRunning()) fresh += 1;
      now.set(each.id, each);
    }
    const gone = [...before].filter(([id]) => !now.has(id));
    for (const [, { ownMs, waitedMs: passedOn }] of gone) waitedMs -= ownMs + passedOn;
    this.#unseenMs += Math.max(0, waitedMs);
    if (this.#seen) this.#sampledMs += Math.min(fresh, this.#cores) * sinceMs;
    [this.#seen, this.#missed] = [now, new Map(gone)];
    return this.#ownMs + Math.max(this.#unseenMs, this.#sampledMs / 2);
  }
}
