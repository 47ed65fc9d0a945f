// A daemon of a home, as a process of its own, and what it uses. Linux only: it reads /proc.
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

export const mh = path.join(import.meta.dirname, "..", "..", "bin", "mh");

/** Starts it, and waits until it is ready; if it fails, this throws what it reported. */
export async function startDaemon(home: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(mh, ["--home", home, "daemon", "run"], { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await new Promise((resolve, reject) => {
    child.once("message", (report) => ("ready" in (report as object) ? resolve(report) : reject(report)));
    child.once("exit", reject);
  });
  return child;
}

export interface Usage {
  rssMiB: number;
  /** What no other process shares: what would be free if it ended. */
  privateMiB: number;
  cpuMs: number;
  wakes: number;
}

/** What a process uses now; see proc(5). */
export function usageOf({ pid }: ChildProcess): Usage {
  const read = (name: string) => fs.readFileSync(`/proc/${pid}/${name}`, "utf8");
  const number = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
  const memory = read("smaps_rollup");
  const stat = read("stat");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  const privateKiB = number(memory, "Private_Dirty") + number(memory, "Private_Clean");
  return {
    rssMiB: Math.round(number(memory, "Rss") / 1024),
    privateMiB: Math.round(privateKiB / 1024),
    cpuMs: ((user ?? 0) + (system ?? 0)) * 10,
    wakes: number(read("status"), "voluntary_ctxt_switches"),
  };
}

/** Ends a process, and waits for that. */
export function ended(child: ChildProcess): Promise<void> {
  const isOver = child.exitCode !== null || child.signalCode !== null;
  child.kill("SIGTERM");
  return isOver ? Promise.resolve() : new Promise((resolve) => child.once("exit", () => resolve()));
}
