import { Fault } from "@mh/contract/values/fault.ts";
import type { RunJob, RunReport } from "@mh/core/agents/agent-run.ts";
import { agentRow } from "@mh/core/agents/agents-table.ts";
import { agentSection } from "@mh/core/agents/settings.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { LineCodec } from "@mh/core/ports/line-codec.ts";
import { type RunningWorker, runWorker, type WorkerEnd } from "../sandbox/run-worker.ts";
import { type GateDeps, RunGate } from "./run-gate.ts";
import { RunLog } from "./run-log.ts";

export interface RuntimeDeps extends GateDeps {
  executor: Executor;
  root: string;
  /** Removes secrets from what a run writes. */
  redact: (text: string) => string;
  sealer?: LineCodec | undefined;
  clock: Clock;
  timeZone: () => string;
  isShipped: (source: string) => boolean;
}

interface Waiting {
  job: RunJob;
  start: () => void;
  refuse: (why: string) => void;
}

interface Running {
  job: RunJob;
  /** Undefined while it is being started. */
  worker: RunningWorker | undefined;
  /** Suspended by the owner, to make room for what is more urgent, or while it waits for one that it delegated to. */
  held: "owner" | "room" | "waiting" | undefined;
  /** How many it waits for. */
  waitsFor: number;
  /** Ended before its worker was there. */
  isStopped: boolean;
}

const priorities = ["low", "normal", "high"] as const;
const workersMax = 2;
const stoppedByOwner = "The owner ended it.";

/** Runs agents in workers: two at a time, one of each agent, the more urgent first. */
export class AgentRuntime {
  readonly #deps: RuntimeDeps;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<string, Running>();

  constructor(deps: RuntimeDeps) {
    this.#deps = deps;
  }

  /** One attempt at a run. What goes wrong inside comes back as a report. */
  async run(job: RunJob): Promise<RunReport> {
    using _waiting = this.#suspend(job.waiting ?? []);
    await this.#turn(job);
    try {
      return await this.#attempt(job);
    } finally {
      this.#running.delete(job.agent);
      this.#arrange();
    }
  }

  /** Who waits needs no room, and no time: else two that wait for a third each would keep it from beginning. */
  #suspend(agents: readonly string[]): Disposable {
    const waiting = agents.flatMap((name) => this.#running.get(name) ?? []);
    for (const running of waiting) {
      running.waitsFor += 1;
      if (running.held !== "owner") hold(running, "waiting");
    }
    return {
      [Symbol.dispose]: () => {
        for (const running of waiting) {
          running.waitsFor -= 1;
          // It goes on once there is room for it.
          if (running.waitsFor === 0 && running.held === "waiting") running.held = "room";
        }
        this.#arrange();
      },
    };
  }

  async #attempt(job: RunJob): Promise<RunReport> {
    using log = new RunLog(
      this.#deps.root,
      { agent: job.agent, id: job.commandId, attempt: job.attempt },
      { now: this.#deps.clock.now, redact: this.#deps.redact, sealer: this.#deps.sealer },
    );
    const { agent, trigger, slot, attempt, at } = job;
    log.write("log", `Begun: ${trigger}`, { run: { id: job.commandId, agent, trigger, slot, attempt, at } });
    const gate = new RunGate(this.#deps, job, log);
    const end = await this.#work(job, log, gate);
    gate.close(`The run of ${agent} that began it is over`);
    log.write("end", end.message, { how: end.status, ...(end.reason && { why: end.reason }), usage: end.usage });
    return { ...end, commands: gate.commands, log: log.path };
  }

  isRunning(name: string): boolean {
    return this.#running.has(name) || this.#waiting.some(({ job }) => job.agent === name);
  }

  control(name: string, what: "pause" | "resume" | "stop"): void {
    const running = this.#running.get(name);
    if (what === "stop") {
      for (const waiting of this.#waiting.filter(({ job }) => job.agent === name)) waiting.refuse(stoppedByOwner);
      if (running) running.isStopped = true;
      running?.worker?.kill(stoppedByOwner);
    } else if (running && what === "pause") hold(running, "owner");
    // It goes on once there is room for it.
    else if (running?.held === "owner") running.held = running.waitsFor > 0 ? "waiting" : "room";
    this.#arrange();
  }

  async #work(job: RunJob, log: RunLog, gate: RunGate): Promise<WorkerEnd> {
    const { executor, config, timeZone, isShipped } = this.#deps;
    const { agent, kind, at, event, source, manifest, signal, given } = job;
    const settings = config();
    const worker = runWorker(executor, {
      source,
      shipped: isShipped(source),
      limits: manifest.limits,
      context: {
        name: agent,
        config: agentSection(settings, agent),
        owner: { name: settings.owner, timeZone: timeZone() },
        trigger: { kind, at, ...(event && { event }) },
        ...(given && { given }),
      },
      act: gate.open(),
      progress: job.progress,
      log: ({ stream, text }) => log.write(stream, text),
    });
    const running = this.#running.get(agent);
    if (running) running.worker = worker;
    if (running?.held) worker.pause();
    if (running?.isStopped) worker.kill(stoppedByOwner);
    const stop = () => worker.kill(String(signal.reason));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await worker.end;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Waits until there is room for the job. */
  #turn(job: RunJob): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const refuse = (why: string) => {
      const at = this.#waiting.indexOf(waiting);
      if (at === -1) return;
      this.#waiting.splice(at, 1);
      reject(new Fault("stopped", why));
    };
    const waiting: Waiting = { job, start: resolve, refuse };
    this.#waiting.push(waiting);
    job.signal.addEventListener("abort", () => refuse(String(job.signal.reason)), { once: true });
    if (job.signal.aborted) refuse(String(job.signal.reason));
    this.#arrange();
    return promise;
  }

  /** Gives what room there is to the most urgent, and suspends what is less urgent where there is none. */
  #arrange(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const active = [...this.#running.values()].filter(({ held }) => held === undefined);
      if (active.length >= workersMax && !makeRoom(active, next.job)) return;
      next.begin();
    }
  }

  /** The most urgent that could go on or begin; of equals what was suspended goes first, then who came first. */
  #next(): { job: RunJob; begin: () => void } | undefined {
    const suspended = [...this.#running.values()]
      .filter(({ held }) => held === "room")
      .map((running) => ({ job: running.job, begin: () => release(running) }));
    const waiting = this.#waiting
      .filter(({ job }) => !this.#running.has(job.agent) && !this.#isPaused(job.agent))
      .map((each) => ({ job: each.job, begin: () => this.#begin(each) }));
    return [...suspended, ...waiting].sort((a, b) => rank(b.job) - rank(a.job))[0];
  }

  #begin(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    const { job } = waiting;
    this.#running.set(job.agent, { job, worker: undefined, held: undefined, waitsFor: 0, isStopped: false });
    waiting.start();
  }

  /** Paused while its run waited its turn. */
  #isPaused(name: string): boolean {
    return agentRow(this.#deps.reader, name)?.state === "paused";
  }
}

const rank = ({ manifest }: RunJob): number => priorities.indexOf(manifest.priority);

function makeRoom(active: readonly Running[], job: RunJob): boolean {
  const least = [...active].sort((a, b) => rank(a.job) - rank(b.job))[0];
  if (!least || rank(least.job) >= rank(job)) return false;
  hold(least, "room");
  return true;
}

function hold(running: Running, why: Exclude<Running["held"], undefined>): void {
  running.held = why;
  running.worker?.pause();
}

function release(running: Running): void {
  running.held = undefined;
  running.worker?.resume();
}
