import * as fs from "node:fs";
import { CpuTime } from "./cpu-time.ts";
import { endTree, signal } from "./end-tree.ts";
import { FilledDisk } from "./filled-disk.ts";
import { HeldByFiles } from "./held-by-files.ts";
import { heldByMaps, heldBySandbox } from "./held-memory.ts";
import { ownProcesses, threadsMax } from "./rlimits.ts";
import { beginningOf, childrenOf, hasProc, type Usage, usageOf } from "./usage.ts";
import { WatchFacts, type WatchOrder, type WatchReason } from "./watch-order.ts";

/** Of the processor, between two rounds through the open files. */
const filesEveryMs = 50;
const never = Number.POSITIVE_INFINITY;

/** The watchdog's side of one process: looks at it and all that came of it, and ends it. */
export class Watched {
  readonly #order: WatchOrder;
  readonly #facts: WatchFacts;
  readonly #disks: readonly FilledDisk[];
  #isPaused = false;
  #isEnded = false;
  #lookedAt = performance.now();
  readonly #cpu = new CpuTime();
  readonly #files: HeldByFiles;
  #filesAtMs = 0;
  #cpuMsBefore = 0;
  #mapped = 0;
  #isReadingMaps = false;
  #span = { since: performance.now(), cpuMs: 0 };

  constructor(order: WatchOrder) {
    const { limits, writable, facts } = order;
    this.#order = order;
    this.#facts = new WatchFacts(facts);
    const { disk, memoryBytes = never } = limits;
    this.#files = new HeldByFiles(memoryBytes);
    this.#disks = disk === undefined ? [] : writable.map((start) => new FilledDisk(start, disk));
  }

  /** While it is paused, its time stands still. */
  set isPaused(isPaused: boolean) {
    const usage = this.#measure();
    this.#isPaused = isPaused;
    // Here, behind the last look that held it: the main thread's own signal may have come before that.
    if (!isPaused) signalAll(usage, "SIGCONT");
  }

  /** Looks once, and says how busy it was since the last look: 1 is a whole processor. */
  look(): number {
    const { stopFile } = this.#order;
    const before = { at: this.#lookedAt, cpuMs: this.#facts.usage.cpuMs };
    const usage = this.#measure();
    const reason = stopFile !== undefined && fs.existsSync(stopFile) ? "stopped" : this.#exceeded(usage);
    if (reason) this.#facts.reason = reason;
    // What was just being started when it was paused has not heard of it; to be ended it must get as far as that.
    if (this.#isPaused) signalAll(usage, this.#facts.reason ? "SIGCONT" : "SIGSTOP");
    if (this.#facts.reason && !this.#isEnded) this.#isEnded = endTree(this.#order);
    return (this.#facts.usage.cpuMs - before.cpuMs) / Math.max(1, this.#lookedAt - before.at);
  }

  #measure(): Usage | undefined {
    const now = performance.now();
    const { ms, cpuMs, rssBytesMax } = this.#facts.usage;
    const usage = beginningOf(this.#order.pid) === this.#order.began ? usageOf(this.#order.pid) : undefined;
    this.#facts.usage = {
      ms: this.#isPaused ? ms : ms + now - this.#lookedAt,
      cpuMs: usage ? this.#cpu.add(usage.times, now - this.#lookedAt) : cpuMs,
      rssBytesMax: Math.max(rssBytesMax, usage?.rssBytes ?? 0),
    };
    this.#lookedAt = now;
    return usage;
  }

  #exceeded(usage: Usage | undefined): WatchReason | undefined {
    const { timeMs = never, memoryBytes = never, processesMax = never } = this.#order.limits;
    if (this.#facts.usage.ms > timeMs) return "time";
    if (!usage) return undefined;
    if (this.#isOverCpu()) return "cpu";
    if (this.#memory(usage) > memoryBytes) return "memory";
    if (usage.pids.length > processesMax + ownProcesses) return "processes";
    if (usage.threads > threadsMax({ processesMax }) + ownProcesses) return "processes";
    for (const disk of this.#disks) disk.look(() => usage.pids);
    return this.#disks.some(({ isOver }) => isOver) ? "disk" : undefined;
  }

  #isOverCpu(): boolean {
    const { cpuMs = never, cpuPerMs } = this.#order.limits;
    const used = this.#facts.usage.cpuMs;
    const now = performance.now();
    if (cpuPerMs !== undefined && now - this.#span.since > cpuPerMs) this.#span = { since: now, cpuMs: used };
    return used - this.#span.cpuMs > cpuMs;
  }

  /** An upper bound: what several share counts for each. */
  #memory({ pids, rssBytes, kernelBytes, addressBytes }: Usage): number {
    const { kind, limits } = this.#order;
    const { memoryBytes = never } = limits;
    const inside = kind === "sandbox" ? childrenOf(this.#order.pid)[0] : undefined;
    // A job that takes no more addresses than memory cannot hide more than that.
    if (addressBytes > memoryBytes && !this.#isReadingMaps) {
      this.#isReadingMaps = true;
      heldByMaps(pids, memoryBytes).then((bytes) => {
        this.#mapped = bytes;
        this.#isReadingMaps = false;
      });
    }
    // To make locks or watches takes time of the processor: once it took much, and once it rests after it took any.
    const { cpuMs } = this.#facts.usage;
    const isDue = cpuMs - this.#filesAtMs > (cpuMs === this.#cpuMsBefore ? 0 : filesEveryMs);
    this.#cpuMsBefore = cpuMs;
    if (hasProc && (this.#files.isLooking || isDue)) {
      if (!this.#files.isLooking) this.#filesAtMs = cpuMs;
      this.#files.look(pids);
    }
    const apart = this.#mapped + this.#files.bytes;
    return rssBytes + kernelBytes + apart + (inside === undefined ? 0 : heldBySandbox(inside));
  }
}

function signalAll(usage: Usage | undefined, what: NodeJS.Signals): void {
  for (const pid of usage?.pids ?? []) signal(pid, what);
}
