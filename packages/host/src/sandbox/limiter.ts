import type { Job, RunReason } from "@mh/core/ports/executor.ts";
import { type Cgroup, openCgroup } from "./cgroup.ts";
import { diskStart } from "./filled-disk.ts";
import type { WatchReason } from "./watch-order.ts";
import { type Watch, watch } from "./watchdog.ts";

interface Limited {
  pid: number;
  job: Job;
  isSandboxed: boolean;
  stopFile: string | undefined;
  /** Called where its output goes over its limit; of all other limits the watchdog makes an end itself. */
  over(reason: RunReason, message: string): void;
}

/** Holds a process, and all that came of it, to the limits of its job; the watchdog looks, from a thread of its own. */
export class Limiter implements Disposable {
  readonly #limited: Limited;
  readonly #watch: Watch;
  readonly #cgroup: Cgroup | undefined;
  readonly #said = new Map<string, { since: number; bytes: number }>();
  #isCut = false;

  constructor(limited: Limited) {
    const { pid, job, isSandboxed, stopFile } = limited;
    const { output: _output, ...limits } = job.limits;
    this.#limited = limited;
    const cgroup = openCgroup(job.limits);
    this.#cgroup = cgroup?.take(pid) ? cgroup : undefined;
    if (!this.#cgroup) cgroup?.[Symbol.dispose]();
    this.#watch = watch({
      ...{ pid, limits, killFile: this.#cgroup?.killFile, kind: isSandboxed ? "sandbox" : "group" },
      writable: job.view.places.filter(({ isWritable }) => isWritable).flatMap(({ from }) => diskStart(from)),
      stopFile: job.isOwners ? undefined : stopFile,
    });
  }

  get usage() {
    return this.#watch.facts.usage;
  }

  /** It is held by a group of its own. */
  get isGrouped(): boolean {
    return this.#cgroup !== undefined;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Why the watchdog ended it. */
  get exceeded(): { reason: WatchReason; message: string } | undefined {
    const reason = this.#watch.facts.reason ?? (this.#cgroup?.isOutOfMemory ? "memory" : undefined);
    return reason && { reason, message: this.#message(reason) };
  }

  /** While it is paused, its time stands still. */
  set isPaused(isPaused: boolean) {
    this.#watch.isPaused = isPaused;
  }

  /** What of a chunk of one of its streams is within bounds. */
  keep(stream: string, chunk: Buffer): Buffer {
    const { bytesMax, perMs, beyond } = this.#limited.job.limits.output;
    const now = performance.now();
    let said = this.#said.get(stream);
    if (!said || (perMs !== undefined && now - said.since > perMs)) said = { since: now, bytes: 0 };
    this.#said.set(stream, said);
    const kept = chunk.subarray(0, Math.max(0, bytesMax - said.bytes));
    said.bytes += chunk.length;
    if (said.bytes <= bytesMax) return chunk;
    this.#isCut = true;
    const span = perMs === undefined ? "" : ` in ${perMs / 1000} s`;
    if (beyond === "end") this.#limited.over("output", `It sends more than ${inBytes(bytesMax)}${span}.`);
    return kept;
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#cgroup?.[Symbol.dispose]();
  }

  #message(reason: WatchReason): string {
    const { timeMs = 0, cpuMs = 0, cpuPerMs, memoryBytes, processesMax, disk } = this.#limited.job.limits;
    const span = cpuPerMs === undefined ? "" : ` within ${cpuPerMs / 1000} s`;
    const messages: Record<WatchReason, string> = {
      time: `It took more than ${timeMs / 1000} s.`,
      cpu: `It used more than ${cpuMs / 1000} s of the processor${span}.`,
      memory: tooMuchMemory(memoryBytes),
      processes: `It started more than ${processesMax} processes.`,
      disk: `It wrote more than ${inBytes(disk?.bytesMax ?? 0)}, or ${disk?.filesMax} files, into its folder.`,
      stopped: stoppedMessage,
    };
    return messages[reason];
  }
}

const stoppedMessage = "STOP came while it ran.";
export const tooMuchMemory = (bytesMax: number): string => `It used more than ${inBytes(bytesMax)} of memory.`;

const inBytes = (bytes: number): string =>
  bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30} GiB` : `${Math.floor(bytes / 2 ** 20)} MiB`;
