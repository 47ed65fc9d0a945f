import type { ChildProcess } from "node:child_process";
import type * as net from "node:net";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { Lines } from "./lines.ts";
import { Rpc, type RpcHandlers } from "./rpc.ts";
import { usageOf } from "./usage.ts";
import { startWorker } from "./worker-process.ts";

export interface WorkerJob {
  /** The agent's file; of a package, the path of its script. */
  source: string;
  /** Where the package lies whose script runs. */
  folder?: string;
  /** It came with mh. */
  shipped: boolean;
  limits: { timeMs: number; cpuMs: number; memoryBytes: number };
  /** How long an answer of its may be, in characters; of an agent that is settled. */
  answerMax?: number;
  /** What the agent is told of its run; undefined where it is only asked what it declares. */
  context: Record<string, unknown> | undefined;
  act(skill: string, args: unknown): Promise<Outcome>;
  log(line: { stream: "log" | "out" | "err"; text: string }): void;
  /** Options for Node in place of its permission checks; tests look at the walls alone with it. */
  flags?: readonly string[];
}

/** Why a worker was ended, or did not come to its end by itself. */
export type WorkerWhy =
  | "time"
  | "cpu"
  | "memory"
  | "processes"
  | "protocol"
  | "crashed"
  | "stopped"
  | "sandbox.missing"
  | "error";

export interface WorkerEnd {
  how: "done" | "failed" | "killed";
  why?: WorkerWhy;
  message: string;
  usage: { ms: number; cpuMs: number; rssBytesMax: number };
  /** What the file declares, unread; undefined where it could not be loaded. */
  declared?: unknown;
  /** What its run gave back, unread. */
  value?: unknown;
}

export interface RunningWorker {
  /** Never rejects. */
  readonly end: Promise<WorkerEnd>;
  pause(): void;
  resume(): void;
  kill(message: string): void;
}

/** The version of the table of host calls; the worker's entry names it, too. */
const abi = 1;
const lookEveryMs = 100;
const settleMs = 5_000;
/** What an agent's file declares is the longest that it has to answer. */
const declaredMax = 2 ** 16;
const lineMax = 4_096;
const logBytesMax = 2 ** 20;

/** Runs an agent's file once, watched. Returns at once; pausing and ending work from the first moment. */
export function runWorker(job: WorkerJob): RunningWorker {
  return new Worker(job);
}

class Worker implements RunningWorker {
  readonly end: Promise<WorkerEnd>;
  readonly #job: WorkerJob;
  readonly #verdict = Promise.withResolvers<Omit<WorkerEnd, "usage">>();
  #process: ChildProcess | undefined;
  /** When the process is gone, and all that it said has been read. */
  #closed: Promise<void> = Promise.resolve();
  /** When what it gave to the gate has ended. */
  #settled: () => Promise<void> = () => Promise.resolve();
  #isOver = false;
  #isPaused = false;
  #activeMs = 0;
  #lookedAt = performance.now();
  #cpuMs = 0;
  #rssBytesMax = 0;
  #logBytes = 0;

  constructor(job: WorkerJob) {
    this.#job = job;
    this.end = this.#live();
  }

  pause(): void {
    this.#look();
    this.#isPaused = true;
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#look();
    this.#isPaused = false;
    this.#signal("SIGCONT");
  }

  kill(message: string): void {
    this.#finish("killed", "stopped", message);
  }

  async #live(): Promise<WorkerEnd> {
    this.#work().catch((error: unknown) => this.#failed(error));
    const timer = setInterval(() => this.#look(), lookEveryMs);
    const verdict = await this.#verdict.promise;
    clearInterval(timer);
    this.#look();
    this.#isOver = true;
    await this.#ended();
    const { cpuMs, rssBytesMax } = { cpuMs: this.#cpuMs, rssBytesMax: this.#rssBytesMax };
    return { ...verdict, usage: { ms: Math.round(this.#activeMs), cpuMs: Math.round(cpuMs), rssBytesMax } };
  }

  async #work(): Promise<void> {
    const { source, folder, shipped, limits, context, flags } = this.#job;
    const more = { ...(flags && { flags }), ...(folder !== undefined && { folder }) };
    const child = await startWorker({ shipped, memoryBytes: limits.memoryBytes, ...more });
    this.#process = child;
    this.#closed = new Promise((resolve) => {
      child.once("close", () => resolve());
      child.once("error", () => resolve());
    });
    child.on("error", (error) => this.#failed(error));
    child.on("exit", (code, signal) => this.#exited(code, signal));
    if (this.#isOver) return this.#destroy();
    if (this.#isPaused) this.#signal("SIGSTOP");
    this.#keep(child);
    const hello = Promise.withResolvers<number>();
    const handlers: RpcHandlers = {
      act: async (skill, args) => {
        if (this.#isOver) throw new Error("This run is over.");
        return this.#job.act(skill, args);
      },
      log: (text) => this.#log("log", text),
      failed: (message) => this.#finish("failed", "error", message),
      hello: hello.resolve,
      broken: ({ message }) => this.#finish("killed", "protocol", message),
    };
    const rpc = new Rpc(child.stdio[3] as net.Socket, handlers, this.#job.answerMax ?? declaredMax);
    this.#settled = () => rpc.settled();
    const spoken = await hello.promise;
    if (spoken !== abi) return this.#finish("killed", "protocol", `It speaks version ${spoken}, not ${abi}.`);
    const isScript = folder !== undefined;
    const declared = isScript ? await rpc.call("loadScript", { file: source }) : await rpc.call("load", { source });
    const value = context && (await rpc.call("run", context));
    await Promise.race([this.#verdict.promise, rpc.settled()]);
    this.#verdict.resolve({ how: "done", message: "Done.", declared, value });
  }

  /** What the worker gave to the gate before its end goes on without it: the report waits for that, but not for ever. */
  async #ended(): Promise<void> {
    this.#destroy();
    await this.#closed;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, settleMs);
    await Promise.race([this.#settled(), promise]);
    clearTimeout(timer);
  }

  #finish(how: WorkerEnd["how"], why: WorkerWhy | undefined, message: string, declared?: unknown): void {
    const told = message.slice(0, lineMax);
    this.#verdict.resolve({ how, ...(why && { why }), message: told, ...(declared !== undefined && { declared }) });
  }

  #failed(error: unknown): void {
    if (error instanceof Fault && error.code === "sandbox.missing")
      return this.#finish("failed", "sandbox.missing", error.message);
    this.#finish("failed", "error", error instanceof Error ? error.message : String(error));
  }

  #exited(code: number | null, signal: string | null): void {
    // bwrap tells a signal as the shell does.
    const number = signal ?? (code !== null && code > 128 ? `signal ${code - 128}` : `code ${code}`);
    if (code === 128 + 31 || signal === "SIGSYS")
      return this.#finish("killed", "processes", "It tried to start a process, or to change its walls.");
    const outOfHeap = code === 128 + 6 || signal === "SIGABRT" || code === 128 + 5 || signal === "SIGTRAP";
    if (outOfHeap && this.#rssBytesMax > this.#job.limits.memoryBytes / 2)
      return this.#finish("killed", "memory", tooMuch("memory", this.#job.limits));
    this.#finish("failed", "crashed", `Its process ended by itself (${number}).`);
  }

  #look(): void {
    const now = performance.now();
    if (!this.#isPaused) this.#activeMs += now - this.#lookedAt;
    // What was just being started when it was suspended has not heard of it.
    else this.#signal("SIGSTOP");
    this.#lookedAt = now;
    const { limits } = this.#job;
    const usage = this.#process?.pid === undefined ? undefined : usageOf(this.#process.pid);
    if (usage) {
      this.#cpuMs = Math.max(this.#cpuMs, usage.cpuMs);
      this.#rssBytesMax = Math.max(this.#rssBytesMax, usage.rssBytes);
    }
    if (this.#activeMs > limits.timeMs) this.#finish("killed", "time", tooMuch("time", limits));
    else if (this.#cpuMs > limits.cpuMs) this.#finish("killed", "cpu", tooMuch("cpu", limits));
    else if (usage && usage.rssBytes > limits.memoryBytes) this.#finish("killed", "memory", tooMuch("memory", limits));
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    for (const each of usageOf(pid)?.pids ?? [pid]) signalTo(each, signal);
  }

  /** The first process of the sandbox takes all the others with it. */
  #destroy(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    this.#signal("SIGKILL");
    this.#process?.stdio[3]?.destroy();
  }

  #keep(child: ChildProcess): void {
    for (const stream of ["out", "err"] as const) {
      const lines = new Lines(
        lineMax,
        (line) => this.#log(stream, line),
        (line) => this.#log(stream, `${line} …`),
      );
      const source = stream === "out" ? child.stdout : child.stderr;
      source?.on("data", (chunk: Buffer) => lines.push(chunk));
      source?.on("end", () => lines.finish());
    }
  }

  #log(stream: "log" | "out" | "err", text: string): void {
    if (this.#logBytes > logBytesMax) return;
    this.#logBytes += text.length + 100;
    const isFull = this.#logBytes > logBytesMax;
    this.#job.log({
      stream,
      text: isFull ? "It said more than a run may; the rest is not kept." : text.slice(0, lineMax),
    });
  }
}

function tooMuch(what: "time" | "cpu" | "memory", { timeMs, cpuMs, memoryBytes }: WorkerJob["limits"]): string {
  if (what === "time") return `It took more than ${timeMs / 1000} s.`;
  if (what === "cpu") return `It used more than ${cpuMs / 1000} s of the processor.`;
  return `It used more than ${Math.floor(memoryBytes / 2 ** 20)} MiB of memory.`;
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, which is what was wanted.
  }
}
