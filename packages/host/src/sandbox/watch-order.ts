import type { Limits, RunReason } from "@mh/core/ports/executor.ts";
import type { DiskStart } from "./filled-disk.ts";

/** What the watchdog is told of one process that was started. */
export interface WatchOrder {
  id: number;
  pid: number;
  /** When it began, by `beginningOf`; a process of that number that began at another time is another one. */
  began: string | undefined;
  /** How all of it is ended: a sandbox ends with its first process; the leader of a group ends with the group. */
  kind: "sandbox" | "group";
  /** Of its control group, where it has one. */
  killFile?: string | undefined;
  limits: Partial<Omit<Limits, "output">>;
  /** The folders outside that it may write to, as they were before it began. */
  writable: readonly DiskStart[];
  /** Where this file is, it ends. */
  stopFile?: string | undefined;
  facts: SharedArrayBuffer;
}

export type WatchMessage =
  | { watch: WatchOrder }
  | { drop: number }
  | { pause: number; isPaused: boolean }
  | { beat: Heartbeat };

/** A thread that reacts counts up; where it does not for long, the watchdog writes so into a log. */
export interface Heartbeat {
  counter: SharedArrayBuffer;
  log: string;
}

/** Why the watchdog ends something. */
export const watchReasons = ["time", "cpu", "memory", "processes", "disk", "stopped"] as const satisfies RunReason[];
export type WatchReason = (typeof watchReasons)[number];

/**
 * What both threads see of a watched process: they share it, so that neither waits for the other. The reason is written
 * before anything is ended for it.
 */
export class WatchFacts {
  readonly buffer: SharedArrayBuffer;
  readonly #reason: Int32Array;
  readonly #numbers: Float64Array;

  constructor(buffer = new SharedArrayBuffer(32)) {
    this.buffer = buffer;
    this.#reason = new Int32Array(buffer, 0, 1);
    this.#numbers = new Float64Array(buffer, 8, 3);
  }

  get reason(): WatchReason | undefined {
    return watchReasons[Atomics.load(this.#reason, 0) - 1];
  }

  set reason(reason: WatchReason) {
    Atomics.compareExchange(this.#reason, 0, 0, watchReasons.indexOf(reason) + 1);
  }

  get usage(): { ms: number; cpuMs: number; rssBytesMax: number } {
    const [ms = 0, cpuMs = 0, rssBytesMax = 0] = this.#numbers;
    return { ms: Math.round(ms), cpuMs: Math.round(cpuMs), rssBytesMax };
  }

  set usage({ ms, cpuMs, rssBytesMax }) {
    this.#numbers.set([ms, cpuMs, rssBytesMax]);
  }
}
