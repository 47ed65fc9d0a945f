import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "@mh/contract/values/fault.ts";
import { isInside } from "@mh/core/kernel/scope.ts";
import type { ProgramEnd, ProgramRun, Programs } from "@mh/core/ports/programs.ts";
import { holdFolder } from "../adapters/node-disk.ts";
import { findSandbox } from "./sandbox.ts";
import { realOf, systemWalls, tellFilter } from "./walls.ts";

/** Programs behind bubblewrap's walls. */
export function walledPrograms(closed: readonly string[]): Programs {
  return { closed, realPath, run: (run) => runInside(run, closed) };
}

async function realPath(program: string): Promise<string> {
  try {
    await fs.promises.access(program, fs.constants.X_OK);
    const real = await fs.promises.realpath(program);
    if (isInside("/usr", real)) return real;
  } catch (cause) {
    throw new Fault("shell.failed", `There is no program ${program}. Give its absolute path, or install it.`, {
      cause,
    });
  }
  throw new Fault("shell.failed", `${program} lies outside /usr, where only the system installs.`);
}

async function runInside(run: ProgramRun, closed: readonly string[]): Promise<ProgramEnd> {
  const { kind, why } = await findSandbox();
  if (kind === "none") throw noWalls(why ?? "there are none");
  const folder = run.folder;
  await using held = folder === undefined ? undefined : await holdFolder(folder, closed);
  if (folder !== undefined && closed.some((each) => isInside(folder, realOf(each))))
    throw new Fault("args.invalid", `${folder} holds what belongs to mh itself. A program is not given that.`);
  run.signal.throwIfAborted();
  const marker = `/.mh-${randomUUID()}`;
  const own = folder === undefined ? [] : ["--bind", folder, folder];
  const child = spawn("bwrap", [...systemWalls(closed, 5), ...own, ...["--dir", marker], ...inside(run)], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH },
  });
  tellFilter(child, 5);
  return await new Walled(child, run).end(marker, held?.at);
}

const noWalls = (why: string) =>
  new Fault(
    "sandbox.missing",
    `Programs run only in a sandbox, and here ${why}. Install bubblewrap, or allow it user namespaces.`,
  );

/** Set up, it says its process id on descriptor 3, and does not go on until it is told to on descriptor 4. */
function inside({ program, args, folder = "/tmp" }: ProgramRun): string[] {
  return ["--chdir", folder, "--remount-ro", "/", "--info-fd", "3", "--block-fd", "4", "--", program, ...args];
}

/** One program behind its walls, from their being built to its end. */
class Walled {
  readonly #child: ChildProcess;
  readonly #run: ProgramRun;
  /** The first process inside, by its number outside: when it dies, all inside die. */
  #inside: number | undefined;
  #isEnding = false;

  constructor(child: ChildProcess, run: ProgramRun) {
    this.#child = child;
    this.#run = run;
  }

  /** Waits for the end, and brings it about when it is time. `judged` is the folder as it was opened. */
  async end(marker: string, judged: string | undefined): Promise<ProgramEnd> {
    const { program, timeoutMs, outputBytesMax, signal } = this.#run;
    const stdout = collect(this.#child.stdout as Readable, outputBytesMax);
    const stderr = collect(this.#child.stderr as Readable, outputBytesMax);
    const closed = new Promise<number>((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (code) => resolve(code ?? 137));
    });
    let isLate = false;
    const kill = () => this.#kill();
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, timeoutMs);
    signal.addEventListener("abort", kill, { once: true });
    try {
      const [exitCode, hasBegun] = await Promise.all([closed, this.#begin(marker, judged)]);
      if (isLate) throw new Fault("shell.failed", `${program} took longer than ${timeoutMs / 1000} s and was ended.`);
      if (signal.aborted) throw new Fault("shell.failed", `${program} was ended: ${signal.reason}.`);
      if (!hasBegun) throw noWalls(stderr.text().split("\n", 1)[0] || "bubblewrap does not start");
      return { exitCode, stdout: stdout.text(), stderr: stderr.text(), isCut: stdout.isCut() || stderr.isCut() };
    } catch (error) {
      kill();
      await closed.catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", kill);
    }
  }

  /**
   * Lets the program begin, and says whether it did, once its walls stand and the folder within them is the very one
   * that was judged: bubblewrap finds it by name, and the name may lead elsewhere by then.
   */
  async #begin(marker: string, judged: string | undefined): Promise<boolean> {
    const [, , , info, go] = this.#child.stdio as [unknown, unknown, unknown, Readable, Writable];
    go.on("error", () => undefined); // It is gone already: its end says why.
    let told = "";
    for await (const chunk of info) told += chunk;
    if (told === "") return false;
    this.#inside = (JSON.parse(told) as { "child-pid": number })["child-pid"];
    const root = `/proc/${this.#inside}/root`;
    if (this.#isEnding) this.#kill();
    // The marker is made last, and is seen here only when the new root is in its place.
    while (!fs.existsSync(path.join(root, marker))) {
      if (this.#hasEnded) return false;
      await pause(1);
    }
    const { folder } = this.#run;
    if (folder !== undefined && judged !== undefined && !isSame(path.join(root, folder), judged))
      throw new Fault("args.invalid", `${folder} was exchanged for something else. Nothing was run.`);
    if (this.#isEnding) return false;
    go.end("x");
    return true;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Before its number is known, nothing has begun inside; killing bubblewrap alone would leave it there, waiting. */
  #kill(): void {
    this.#isEnding = true;
    if (this.#inside === undefined || this.#hasEnded) return;
    try {
      process.kill(this.#inside, "SIGKILL");
    } catch (error) {
      if ((error as { code?: string }).code !== "ESRCH") throw error;
    }
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [fs.statSync(one, { throwIfNoEntry: false }), fs.statSync(other)];
  return a !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** Keeps the beginning and reads on, so that the program does not wait for a reader. */
function collect(stream: Readable, bytesMax: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size < bytesMax) chunks.push(chunk.subarray(0, bytesMax - size));
    size += chunk.length;
  });
  return { text: () => Buffer.concat(chunks).toString("utf8"), isCut: () => size > bytesMax };
}
