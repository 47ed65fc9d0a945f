import * as os from "node:os";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Progress } from "@mh/contract/wire/progress.ts";
import type { Run as Begun } from "@mh/core/kernel/run.ts";
import { type Line, LineSplitter } from "@mh/core/model/lines.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Executor, Job, Run, RunEnd, Source } from "@mh/core/ports/executor.ts";
import { moduleInside, nodeInside } from "./bubblewrap.ts";
import { entryFile } from "./entry-file.ts";
import { tooMuchMemory } from "./limiter.ts";
import { isOutOfMemory } from "./out-of-memory.ts";
import { Rpc, type RpcHandlers } from "./rpc.ts";

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
  act(
    skill: string,
    args: unknown,
    onProgress: ((progress: Progress) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Outcome>;
  /** What it says of how far it is. */
  progress?(progress: Progress): void;
  log(line: { stream: "log" | "out" | "err"; text: string }): void;
  /** Options for Node in place of its permission checks; tests look at the sandbox alone with it. */
  flags?: readonly string[];
}

/** Why a worker was ended, or did not come to its end by itself. */
export type WorkerReason =
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
  status: "done" | "failed" | "killed";
  reason?: WorkerReason;
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
const settleMs = 5_000;
/** What an agent's file declares is the longest that it has to answer. */
const declaredMax = 2 ** 16;
const lineMax = 4_096;
const logBytesMax = 2 ** 20;
/** Far more than its log keeps, which says so where it is full. */
const outputBytesMax = 2 ** 24;
const skillInside = "/skill";

/** Runs an agent's file, or a package's script, once. Returns at once; pausing and ending work from the first moment. */
export function runWorker(executor: Executor, job: WorkerJob): RunningWorker {
  return new Worker(executor.run(sandboxJob(job)), job);
}

/**
 * Node with the one file that speaks for the worker, and of a package its folder, to be read. Node's own permission checks
 * are on as well; without a sandbox these are all there is, and only what came with mh may run.
 */
function sandboxJob({ shipped, limits, folder, flags }: WorkerJob): Job {
  const entry = entryFile("entry.ts");
  const inside = moduleInside("entry", entry);
  const heapMiB = Math.floor(limits.memoryBytes / 2 ** 20);
  const usual = [`--max-old-space-size=${heapMiB}`, "--disable-warning=ExperimentalWarning"];
  const readable = [inside, ...(folder === undefined ? [] : [`${skillInside}/`])];
  const checks = flags ?? ["--permission", ...readable.map((each) => `--allow-fs-read=${each}`)];
  const skill = folder === undefined ? [] : [{ from: folder, at: skillInside }];
  return {
    ...{ program: nodeInside, args: [...checks, ...usual, inside, ...skill.map(({ at }) => at)], hasChannel: true },
    view: { base: "node", places: [{ from: entry, at: inside }, ...skill], folder: "/mh" },
    limits: { ...limits, processesMax: 1, output: { bytesMax: outputBytesMax, beyond: "drop" } },
    unsandboxed:
      folder !== undefined
        ? "Skills of others are not run without one."
        : shipped
          ? { program: process.execPath, args: ["--permission", `--allow-fs-read=${entry}`, ...usual, entry] }
          : "Only agents that came with mh run.",
  };
}

/**
 * The outcome of what a worker asked for, with its progress told to the worker where it wants that, and cancelled where it no
 * longer waits.
 */
export async function watched(
  run: Begun,
  onProgress: ((progress: Progress) => void) | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  using _watch = onProgress && run.watch(onProgress);
  const cancel = () => run.cancel(String(signal.reason));
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await run.outcome;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

class Worker implements RunningWorker {
  readonly end: Promise<WorkerEnd>;
  readonly #run: Run;
  readonly #job: WorkerJob;
  readonly #verdict = Promise.withResolvers<Omit<WorkerEnd, "usage">>();
  readonly #rpc: Rpc;
  readonly #hello = Promise.withResolvers<number>();
  #isOver = false;
  #logBytes = 0;

  constructor(run: Run, job: WorkerJob) {
    this.#run = run;
    this.#job = job;
    this.#keep("out", run.output);
    this.#keep("err", run.errors);
    this.#rpc = new Rpc(run.channel, this.#handlers(), job.answerMax ?? declaredMax);
    this.end = this.#live();
  }

  pause(): void {
    this.#run.pause();
  }

  resume(): void {
    this.#run.resume();
  }

  kill(message: string): void {
    this.#finish("killed", "stopped", message);
  }

  async #live(): Promise<WorkerEnd> {
    this.#work().catch((error: unknown) =>
      this.#finish("failed", "error", error instanceof Error ? error.message : String(error)),
    );
    this.#run.end.then((end) => this.#ended(end));
    const verdict = await this.#verdict.promise;
    this.#isOver = true;
    this.#run.kill(verdict.message);
    const { usage } = await this.#run.end;
    await this.#settled();
    return { ...verdict, usage };
  }

  async #work(): Promise<void> {
    const { source, folder, context } = this.#job;
    const spoken = await this.#hello.promise;
    if (spoken !== abi) return this.#finish("killed", "protocol", `It speaks version ${spoken}, not ${abi}.`);
    const isScript = folder !== undefined;
    const declared = isScript
      ? await this.#rpc.call("loadScript", { file: source })
      : await this.#rpc.call("load", { source });
    const value = context && (await this.#rpc.call("run", context));
    await Promise.race([this.#verdict.promise, this.#rpc.settled()]);
    this.#verdict.resolve({ status: "done", message: "Done.", declared, value });
  }

  #handlers(): RpcHandlers {
    return {
      act: async (skill, args, onProgress, signal) => {
        if (this.#isOver) throw new Error("This run is over.");
        return this.#job.act(skill, args, onProgress, signal);
      },
      progress: (progress) => this.#job.progress?.(progress),
      log: (text) => this.#log("log", text),
      failed: (message) => this.#finish("failed", "error", message),
      hello: this.#hello.resolve,
      broken: ({ message }) => this.#finish("killed", "protocol", message),
    };
  }

  /** What the worker gave to the gate before its end goes on without it: the report waits for that, but not for ever. */
  async #settled(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, settleMs);
    await Promise.race([this.#rpc.settled(), promise]);
    clearTimeout(timer);
  }

  #finish(status: WorkerEnd["status"], reason: WorkerReason | undefined, message: string): void {
    this.#verdict.resolve({ status, ...(reason && { reason }), message: message.slice(0, lineMax) });
  }

  /** Its process is gone, and nothing else was the reason. */
  #ended(end: RunEnd): void {
    const { status, reason, message, exitCode } = end;
    if (status === "refused" && reason === "stopped") return this.#finish("killed", reason, message);
    if (status === "refused") return this.#finish("failed", reason === "sandbox.missing" ? reason : "error", message);
    if (status === "killed") return this.#finish("killed", isWorkerReason(reason) ? reason : "stopped", message);
    if (exitCode === 128 + os.constants.signals.SIGSYS)
      return this.#finish("killed", "processes", "It tried to start a process, or to change its sandbox.");
    const { memoryBytes } = this.#job.limits;
    if (isOutOfMemory(end, memoryBytes)) return this.#finish("killed", "memory", tooMuchMemory(memoryBytes));
    const number = exitCode !== null && exitCode > 128 ? `signal ${exitCode - 128}` : `code ${exitCode}`;
    this.#finish("failed", "crashed", `Its process ended by itself (${number}).`);
  }

  #keep(stream: "out" | "err", source: Source): void {
    const lines = new LineSplitter(lineMax);
    const keep = ({ bytes, isTooLong }: Line) => this.#log(stream, decodeLossy(bytes) + (isTooLong ? " …" : ""));
    source.listen(
      (chunk) => lines.push(chunk).forEach(keep),
      () => {
        const last = lines.finish();
        if (last) keep(last);
      },
    );
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

const isWorkerReason = (reason: RunEnd["reason"]) =>
  reason === "time" || reason === "cpu" || reason === "memory" || reason === "processes";
