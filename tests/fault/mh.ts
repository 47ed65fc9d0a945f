import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { templateFolder } from "../support/prepared.ts";

const checkout = path.join(import.meta.dirname, "..", "..");

/** The built CLI on a home of its own. */
export interface Mh extends Disposable {
  root: string;
  config: string;
  run(args: readonly string[], options?: { under?: readonly string[]; input?: string }): Ended;
  /**
   * Runs the same main within this process: for what a command says and how it ends, in a tenth of the time. There is no
   * terminal, no standard input, no signal, and only one at a time.
   */
  here(args: readonly string[]): Promise<Ended>;
  start(args: readonly string[]): Promise<Ended>;
  /** With a way to press Ctrl-C. */
  startInterruptible(args: readonly string[]): { ended: Promise<Ended>; interrupt(): void };
  /** Killed with -9 so long after it has printed so many lines, unless it ended before. */
  startKilled(args: readonly string[], when: { lines: number; laterMs: number }): Promise<Ended>;
  /** For what stays until it is ended: it is, as soon as it is up. */
  visit(args: readonly string[]): Promise<Ended>;
}

export interface Ended {
  code: number;
  out: string;
  err: string;
}

export function makeMh(root?: string, environment: Record<string, string> = {}): Mh {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-cli-"));
  const home = root ?? path.join(folder, "home");
  const config = path.join(folder, "config");
  fs.mkdirSync(config);
  const env = { PATH: process.env.PATH ?? "", HOME: config, NO_COLOR: "1", EDITOR: "true", ...environment };
  const entry = [process.execPath, path.join(checkout, "dist", "mh.js")];
  const begin = (args: readonly string[]): ChildProcess => {
    const [command = "", ...rest] = [...entry, "--home", home, ...args];
    return spawn(command, rest, { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  };
  return {
    root: home,
    config,
    run(args, { under = [], input = "" } = {}) {
      const [command = "", ...rest] = [...under, ...entry, "--home", home, ...args];
      const ended = spawnSync(command, rest, { env, input, encoding: "utf8", maxBuffer: 2 ** 28 });
      return { code: ended.status ?? -1, out: ended.stdout, err: ended.stderr };
    },
    here: (args) => runHere(["--home", home, ...args], env),
    start: (args) => endOf(begin(args)),
    startInterruptible(args) {
      const running = begin(args);
      return { ended: endOf(running), interrupt: () => running.kill("SIGINT") };
    },
    startKilled(args, { lines, laterMs }) {
      const running = begin(args);
      const arm = () => setTimeout(() => running.kill("SIGKILL"), laterMs);
      let printed = 0;
      if (lines === 0) arm();
      running.stdout?.on("data", (chunk) => {
        const before = printed;
        printed += String(chunk).split("\n").length - 1;
        if (before < lines && printed >= lines) arm();
      });
      return endOf(running);
    },
    visit(args) {
      const running = begin(args);
      const end = () => running.kill("SIGTERM");
      // One tells the terminal that it is up, the other whoever started it.
      running.stdout?.once("data", end);
      running.once("message", end);
      return endOf(running);
    },
    [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/** `makeMh` with a home as `mh init` makes it. */
export function mhWithHome(environment: Record<string, string> = {}): Mh {
  const mh = makeMh(undefined, environment);
  fs.cpSync(path.join(templateFolder(), "home"), mh.root, { recursive: true });
  fs.cpSync(path.join(templateFolder(), "config"), mh.config, { recursive: true });
  // Folders are copied without their modes.
  for (const each of fs.readdirSync(mh.config, { recursive: true, withFileTypes: true }))
    if (each.isDirectory()) fs.chmodSync(path.join(each.parentPath, each.name), 0o700);
  return mh;
}

async function runHere(argv: readonly string[], environment: Record<string, string>): Promise<Ended> {
  const { quickly } = await import("@mh/cli/quick.ts");
  const { runMain } = await import("@mh/cli/run-main.ts");
  const ended: Ended = { code: 0, out: "", err: "" };
  const write = (fd: 1 | 2, text: string) => {
    ended[fd === 1 ? "out" : "err"] += text;
  };
  const before = { ...process.env };
  const exitCodeBefore = process.exitCode;
  try {
    setEnvironment(environment);
    process.exitCode = undefined;
    ended.code = (await quickly(argv, write)) ?? (await runMain(argv, write));
    return ended;
  } finally {
    setEnvironment(before);
    process.exitCode = exitCodeBefore;
  }
}

function setEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (environment[name] === undefined) delete process.env[name];
  Object.assign(process.env, environment);
}

function endOf(running: ChildProcess): Promise<Ended> {
  let [out, err] = ["", ""];
  running.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  running.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => running.on("close", (code) => resolve({ code: code ?? -1, out, err })));
}
