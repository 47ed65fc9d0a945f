import type { Limits, RunReason } from "@mh/core/ports/executor.ts";
import { usageOf } from "./usage.ts";

const lookEveryMs = 100;

interface Watcher {
  over(reason: RunReason, message: string): void;
  /** At every look while it is paused: what was just being started then has not heard of it. */
  whilePaused(): void;
}

/**
 * Watches a process and all that came of it, and says when it goes over one of its limits. Between two looks it may be over
 * them; nothing here needs a right that mh might not have, as cgroups do.
 */
export class Limiter implements Disposable {
  readonly #pid: number;
  readonly #limits: Limits;
  readonly #over: Watcher["over"];
  readonly #whilePaused: Watcher["whilePaused"];
  readonly #timer: NodeJS.Timeout;
  readonly #said = new Map<string, { since: number; bytes: number }>();
  #isPaused = false;
  #activeMs = 0;
  #lookedAt = performance.now();
  #cpuMs = 0;
  #rssBytesMax = 0;
  #isCut = false;

  constructor(pid: number, limits: Limits, { over, whilePaused }: Watcher) {
    this.#pid = pid;
    this.#limits = limits;
    this.#over = over;
    this.#whilePaused = whilePaused;
    const everyMs = Math.max(1, Math.min(lookEveryMs, limits.timeMs ?? lookEveryMs));
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  get usage() {
    return { ms: Math.round(this.#activeMs), cpuMs: Math.round(this.#cpuMs), rssBytesMax: this.#rssBytesMax };
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** While it is paused, its time stands still. */
  set isPaused(isPaused: boolean) {
    this.#look();
    this.#isPaused = isPaused;
  }

  /** What of a chunk of one of its streams is within bounds. */
  keep(stream: string, chunk: Buffer): Buffer {
    const { bytesMax, perMs, beyond } = this.#limits.output;
    const now = performance.now();
    let said = this.#said.get(stream);
    if (!said || (perMs !== undefined && now - said.since > perMs)) said = { since: now, bytes: 0 };
    this.#said.set(stream, said);
    const kept = chunk.subarray(0, Math.max(0, bytesMax - said.bytes));
    said.bytes += chunk.length;
    if (said.bytes <= bytesMax) return chunk;
    this.#isCut = true;
    const span = perMs === undefined ? "" : ` in ${perMs / 1000} s`;
    if (beyond === "end") this.#over("output", `It sends more than ${mebibytes(bytesMax)}${span}.`);
    return kept;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.measure();
  }

  /** Takes down what it uses now. */
  measure() {
    const now = performance.now();
    if (!this.#isPaused) this.#activeMs += now - this.#lookedAt;
    this.#lookedAt = now;
    const usage = usageOf(this.#pid);
    if (!usage) return undefined;
    this.#cpuMs = Math.max(this.#cpuMs, usage.cpuMs);
    this.#rssBytesMax = Math.max(this.#rssBytesMax, usage.rssBytes);
    return usage;
  }

  #look(): void {
    const usage = this.measure();
    if (this.#isPaused) this.#whilePaused();
    const { timeMs = Number.POSITIVE_INFINITY, cpuMs = Number.POSITIVE_INFINITY } = this.#limits;
    const { memoryBytes, processesMax } = this.#limits;
    if (this.#activeMs > timeMs) this.#over("time", `It took more than ${timeMs / 1000} s.`);
    else if (this.#cpuMs > cpuMs) this.#over("cpu", `It used more than ${cpuMs / 1000} s of the processor.`);
    else if (usage && usage.rssBytes > memoryBytes) this.#over("memory", tooMuchMemory(memoryBytes));
    else if (usage && usage.pids.length > processesMax + ownProcesses)
      this.#over("processes", `It started more than ${processesMax} processes.`);
  }
}

/** bubblewrap outside, and bubblewrap as the first process inside. */
const ownProcesses = 2;

export const tooMuchMemory = (bytesMax: number): string => `It used more than ${mebibytes(bytesMax)} of memory.`;

const mebibytes = (bytes: number): string =>
  bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30} GiB` : `${Math.floor(bytes / 2 ** 20)} MiB`;
