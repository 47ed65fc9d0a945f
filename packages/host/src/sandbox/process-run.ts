import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import type * as net from "node:net";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Job, Run, RunEnd, RunReason, Sandbox } from "@mh/core/ports/executor.ts";
import { findProgram } from "../find-program.ts";
import { bubblewrapArgs, commandInside, type Fittings, placesOf } from "./bubblewrap.ts";
import { endOf, firstLineOf, hasEnded, tell } from "./child-process.ts";
import { signal } from "./end-tree.ts";
import { type HeldPlaces, holdPlaces } from "./held-places.ts";
import { inheritedDescriptors, lastingStray } from "./inherited.ts";
import { Limiter } from "./limiter.ts";
import { noSandbox, standing } from "./missing.ts";
import { underLimits } from "./rlimits.ts";
import { filterFor } from "./seccomp.ts";
import { LateChannel, LateSink, LateSource } from "./streams.ts";
import { beginningOf, usageOf } from "./usage.ts";

/** The descriptors that bubblewrap itself is spoken to by, and closes before the job begins; and that of the relay. */
const own = { args: 4, info: 5, filter: 6, go: 7, relay: 3 };
/** Where it is looked for last: never by a name that a relative folder of PATH could answer. */
const bubblewrap = "/usr/bin/bwrap";
const stopMsMax = 5_000;
const leakAt = 213;

/** Each is told by bubblewrap where a job has one of its own; where it has none, what it can do then. */
const namespaces = {
  ...{ mnt: "sees the disk", net: "reaches the network", pid: "sees other processes" },
  ...{ ipc: "shares memory with others", uts: "names this machine" },
};

/** What is said of a descriptor that nobody handed over. */
export const leaked = "bubblewrap does not hold here: a worker inherits descriptors";

type Ending = Pick<RunEnd, "status" | "message" | "fault"> & { reason?: RunReason };

export interface RunDeps {
  sandbox(): Promise<Sandbox>;
  /** While this file is there, nothing runs but what is the owner's. */
  stopFile?: string | undefined;
  /** In place of the one that comes with macOS. */
  sandboxExec?: string;
}

/** One job, from before its process is there until nothing of it is left. */
export class ProcessRun implements Run {
  readonly input = new LateSink();
  readonly output = new LateSource();
  readonly errors = new LateSource();
  readonly channel = new LateChannel();
  readonly end: Promise<RunEnd>;
  readonly #job: Job;
  readonly #deps: RunDeps;
  /** Why it is ended, before it ended by itself. */
  #ending: Ending | undefined;
  #child: ChildProcess | undefined;
  #limiter: Limiter | undefined;
  #isSandboxed = false;
  /** The first process inside, by its number outside: when it dies, all inside die. */
  #inside: number | undefined;
  /** When it began, so that no later process is taken for it. */
  #insideBegan: string | undefined;
  #isPaused = false;
  readonly #leak: number | undefined;

  /** `leak`: a descriptor that bubblewrap is given as well, and nobody was to be handed; the probe looks whether it is seen. */
  constructor(job: Job, deps: RunDeps, leak?: number) {
    this.#leak = leak;
    this.#job = job;
    this.#deps = deps;
    this.end = this.#live();
  }

  pause(): void {
    this.#pausing(true);
  }

  resume(): void {
    this.#pausing(false);
  }

  kill(message: string, reason: RunReason = "stopped"): void {
    this.#ending ??= { status: "killed", reason, message };
    this.#destroy();
  }

  async stop(message: string, withinMs: number): Promise<RunEnd> {
    if (!this.#child) this.kill(message);
    this.#ending ??= { status: "killed", reason: "stopped", message };
    const first = new Set([this.#child?.pid, this.#inside]);
    if (this.#isPaused) this.resume();
    for (const pid of this.#tree()) if (!first.has(pid) || !this.#isSandboxed) signal(pid, "SIGTERM");
    const timer = setTimeout(() => this.#destroy(), Math.min(withinMs, stopMsMax));
    return this.end.finally(() => clearTimeout(timer));
  }

  async #live(): Promise<RunEnd> {
    const aborted = () => this.kill(String(this.#job.signal?.reason));
    this.#job.signal?.addEventListener("abort", aborted, { once: true });
    if (this.#job.signal?.aborted) aborted();
    try {
      return this.#report(await this.#work());
    } catch (error) {
      // Nothing that was begun is left behind, waiting for a word that never comes.
      for (const stream of this.#child?.stdio ?? []) stream?.destroy();
      this.#destroy();
      const ending = this.#endedBy();
      if (ending) return this.#report({ ...ending, exitCode: null });
      const fault = error instanceof Fault ? { fault: error } : {};
      return this.#report({ status: "refused", message: (error as Error).message, ...fault, exitCode: null });
    } finally {
      this.#job.signal?.removeEventListener("abort", aborted);
    }
  }

  #report({ exitCode, ...end }: Ending & { exitCode: number | null }): RunEnd {
    const usage = this.#limiter?.usage ?? { ms: 0, cpuMs: 0, rssBytesMax: 0 };
    return { ...end, exitCode, usage, isCut: this.#limiter?.isCut ?? false };
  }

  /** The system itself holds it, as a group. */
  get isGrouped(): boolean {
    return this.#limiter?.isGrouped ?? false;
  }

  async #work(): Promise<Ending & { exitCode: number | null }> {
    const { kind, reason = "there is none" } = await this.#deps.sandbox();
    const { stopFile } = this.#deps;
    if (stopFile !== undefined && !this.#job.isOwners && fs.existsSync(stopFile))
      this.#ending ??= { status: "refused", reason: "stopped", message: standing };
    if (this.#ending) return { ...this.#ending, exitCode: null };
    const { unsandboxed } = this.#job;
    if (kind === "none" && typeof unsandboxed === "string") return { ...missing(reason, unsandboxed), exitCode: null };
    if (kind === "seatbelt") return await this.#workUnderSeatbelt();
    const { hosts = [] } = this.#job;
    const hasRelay = hosts.length > 0;
    const way = hasRelay ? await import("./way-out.ts") : undefined;
    this.#isSandboxed = kind !== "none";
    const places = this.#isSandboxed ? placesOf(this.#job, hasRelay) : [];
    await using held = await holdPlaces(places, this.#job.view, () => this.#ending !== undefined);
    const early = this.#endedBy();
    if (early) return { ...early, exitCode: null };
    const marker = `/.mh-${randomUUID()}`;
    const child = this.#isSandboxed
      ? this.#spawnInside({ hasRelay, marker })
      : this.#spawn(unsandboxed as Exclude<Job["unsandboxed"], string>);
    using _limiter = this.#limiter;
    const ended = endOf(child);
    this.#attach(child);
    way?.serveWayOut(child.stdio[own.relay] as net.Socket, hosts);
    if (this.#isPaused) this.pause();
    if (this.#ending) this.#destroy();
    const errors = firstLineOf(child);
    const hasBegun = this.#isSandboxed ? this.#begin(child, held, marker) : Promise.resolve(true);
    const [exitCode, begun] = await Promise.all([ended, hasBegun]);
    await this.#emptied();
    const ending = this.#endedBy();
    if (ending) return { ...ending, exitCode };
    // bubblewrap came as far as this job's places: it works here, and one of them went away meanwhile.
    if (!begun && (this.#inside !== undefined || /^bwrap: Can't find source path/.test(errors())))
      return { status: "refused", reason: "changed", message: unmade(errors()), exitCode: null };
    if (!begun) {
      const refusal = typeof unsandboxed === "string" ? unsandboxed : "";
      return { ...missing(errors() || "bubblewrap does not start", refusal), exitCode: null };
    }
    return { status: "exited", message: `It ended with ${exitCode}.`, exitCode };
  }

  /** On macOS. What it starts with is made ready before, and there is one process, which the profile lets start no other. */
  async #workUnderSeatbelt(): Promise<Ending & { exitCode: number | null }> {
    const { sandboxExec, seatbeltCall } = await import("./seatbelt-job.ts");
    await using call = await seatbeltCall(this.#job, () => this.#ending !== undefined);
    // Paths inside are those outside, and nothing waits in a sandbox that stands: this is the last moment.
    await this.#lookedAt("/");
    const early = this.#endedBy();
    if (early) return { ...early, exitCode: null };
    const { args, environment, folder } = call;
    const program = this.#deps.sandboxExec ?? sandboxExec;
    const child = this.#spawn({ program, args }, 2, { env: environment, cwd: folder });
    using _limiter = this.#limiter;
    const ended = endOf(child);
    this.#attach(child);
    if (this.#isPaused) this.pause();
    if (this.#ending) this.#destroy();
    const exitCode = await ended;
    const ending = this.#endedBy();
    return ending ? { ...ending, exitCode } : { status: "exited", message: `It ended with ${exitCode}.`, exitCode };
  }

  /** Looked at anew: it changes while something is waited for. */
  #endedBy(): Ending | undefined {
    const exceeded = this.#limiter?.exceeded;
    return this.#ending ?? (exceeded && { status: "killed", ...exceeded });
  }

  #spawnInside(fittings: Fittings): ChildProcess {
    const job = this.#job;
    const { hasRelay } = fittings;
    const filter = filterFor({ mayFork: job.limits.processesMax > 1, mayReachRelay: hasRelay });
    const command = ["--args", String(own.args), "--", ...commandInside(job, hasRelay)];
    const child = this.#spawn({ program: findProgram("bwrap") ?? bubblewrap, args: command }, own.go);
    // By a descriptor: a secret among the variables would stand in the list of processes for everybody to read.
    const args = [
      ...bubblewrapArgs(job, fittings),
      ...["--info-fd", String(own.info), "--block-fd", String(own.go), "--seccomp", String(own.filter)],
    ];
    tell(child, own.args, args.map((arg) => `${arg}\0`).join(""));
    tell(child, own.filter, filter ?? "");
    return child;
  }

  /** Pipes up to `last`, and nothing of what this process has open itself. */
  #spawn(
    { program, args }: { program: string; args: readonly string[] },
    last = 2,
    { env = {}, cwd = "/" }: { env?: Record<string, string>; cwd?: string } = {},
  ): ChildProcess {
    const { hasInput = false, hasChannel = false, hosts = [] } = this.#job;
    if (hasChannel && hosts.length > 0) throw new Error("Descriptor 3 is the relay's, or the job's.");
    const stdio: ("pipe" | "ignore" | number)[] = [hasInput ? "pipe" : "ignore", "pipe", "pipe"];
    stdio.push(hasChannel || hosts.length > 0 ? "pipe" : "ignore");
    while (stdio.length <= last) stdio.push("pipe");
    const nothing = fs.openSync("/dev/null", "r");
    try {
      for (const descriptor of inheritedDescriptors().filter((each) => stdio[each] !== "pipe")) {
        while (stdio.length < descriptor) stdio.push("ignore");
        stdio[descriptor] = nothing;
      }
      if (this.#leak !== undefined) {
        while (stdio.length < leakAt) stdio.push("ignore");
        stdio[leakAt] = this.#leak;
      }
      const [shell = "", ...words] = underLimits(this.#job.limits, [program, ...args]);
      const child = spawn(shell, words, {
        stdio,
        env: this.#isSandboxed ? { PATH: process.env.PATH } : env,
        ...(!this.#isSandboxed && { cwd, detached: true }),
      });
      this.#child = child;
      // Before it is told anything: what it starts is to be held like itself.
      if (child.pid !== undefined) this.#limiter = this.#watch(child.pid);
      return child;
    } finally {
      fs.closeSync(nothing);
    }
  }

  #attach(child: ChildProcess): void {
    const keep = (stream: string) => (chunk: Buffer) => this.#limiter?.keep(stream, chunk) ?? chunk;
    if (child.stdin) this.input.attach(child.stdin);
    this.output.attach(child.stdout as Readable, keep("output"));
    this.errors.attach(child.stderr as Readable, keep("errors"));
    if (this.#job.hasChannel) this.channel.attach(child.stdio[3] as net.Socket);
  }

  #watch(pid: number): Limiter {
    return new Limiter({
      ...{ pid, job: this.#job, isSandboxed: this.#isSandboxed, stopFile: this.#deps.stopFile },
      over: (reason, message) => this.kill(message, reason),
    });
  }

  /**
   * Waits until the sandbox stands, and says whether it did. The job waits as well, until it was looked at from outside: in
   * its places stands what was held, and nothing is open but what it was handed.
   */
  async #begin(child: ChildProcess, held: HeldPlaces, marker: string): Promise<boolean> {
    let told = "";
    for await (const chunk of child.stdio[own.info] as Readable) told += chunk;
    if (told === "") return false;
    const facts = JSON.parse(told) as Record<string, number>;
    this.#inside = facts["child-pid"];
    this.#insideBegan = this.#inside === undefined ? undefined : beginningOf(this.#inside);
    const shared = Object.entries(namespaces).find(([name]) => facts[`${name}-namespace`] === undefined);
    // Of what a limit or STOP has just ended, bubblewrap finds no namespaces any more.
    if (shared && !this.#endedBy())
      this.kill(`bubblewrap does not hold here: a worker ${shared[1]}`, "sandbox.missing");
    if (this.#ending) this.#destroy();
    const root = `/proc/${this.#inside}/root`;
    // The marker is made last, and is seen here only when the new root is in its place.
    while (!fs.existsSync(path.join(root, marker))) {
      if (hasEnded(child)) {
        // Where bubblewrap alone was ended, the first process inside would wait for ever.
        if (this.#inside !== undefined && beginningOf(this.#inside) === this.#insideBegan)
          signal(this.#inside, "SIGKILL");
        return false;
      }
      await pause(1);
    }
    const stray = await lastingStray(this.#inside as number, Object.values(own));
    if (stray !== undefined) this.kill(`${leaked}: ${stray}`, "sandbox.missing");
    const changed = await held.exchanged(root);
    // Of what was ended meanwhile, by a limit or by STOP, nothing is there any more: that is no exchange.
    if (this.#endedBy()) return true;
    if (changed) this.kill(exchanged(changed.from), "changed");
    else await this.#lookedAt(root);
    if (!this.#ending) (child.stdio[own.go] as Writable).on("error", () => undefined).end("x");
    return true;
  }

  /** By the caller that made the job, which may keep it from beginning. */
  async #lookedAt(root: string): Promise<void> {
    await this.#job.whenUp?.(root).catch((error: Error) => this.kill(error.message, "changed"));
  }

  /**
   * bubblewrap ends as soon as the job does, before what the job left behind was killed. The first process inside ends with
   * it, and only when all others are gone (pid_namespaces(7)).
   */
  async #emptied(): Promise<void> {
    const [first, began] = [this.#inside, this.#insideBegan];
    if (first === undefined || began === undefined) return;
    while (beginningOf(first) === began) await pause(1);
  }

  #pausing(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (this.#limiter) this.#limiter.isPaused = isPaused;
    this.#signalAll(isPaused ? "SIGSTOP" : "SIGCONT");
  }

  /**
   * Before the first process inside is known, nothing has begun there; killing bubblewrap alone would leave it, waiting, and
   * held it would not come as far.
   */
  #destroy(): void {
    const child = this.#child;
    if (!child || hasEnded(child)) return;
    if (this.#isSandboxed && this.#inside === undefined) return this.#pausing(false);
    if (this.#inside !== undefined) signal(this.#inside, "SIGKILL");
    this.#signalAll("SIGKILL");
    this.channel.close();
  }

  #signalAll(what: NodeJS.Signals): void {
    for (const pid of this.#tree()) signal(pid, what);
  }

  #tree(): number[] {
    const pid = this.#child?.pid;
    if (pid === undefined || !this.#child || hasEnded(this.#child)) return [];
    return usageOf(pid)?.pids ?? [pid];
  }
}

const exchanged = (what: string): string => `${what} was exchanged for something else. Nothing was run.`;

const unmade = (why: string): string =>
  `Its sandbox could not be made of what it was given (${why || "a place of its went away"}). Nothing was run.`;

const missing = (reason: string, refusal: string): Ending => ({
  ...{ status: "refused", reason: "sandbox.missing" },
  message: noSandbox(reason, refusal),
});
