import { execFileSync } from "node:child_process";
import type { Usage } from "./usage.ts";

const ps = "/bin/ps";
/** A thread's stack in the kernel, and what describes it. */
const processBytes = 64 * 1024;

/** What one process uses, where there is no /proc; jobs there start no others. Undefined where it is gone. */
export const usageByPs = (pid: number): Usage | undefined => usageIn(pid, psOf(pid, "rss=,time="));

/**
 * Shared memory is closed to jobs there, so that addresses say nothing. `rss` in KiB, `time` as `[[hh:]mm:]ss[.cc]`; see
 * ps(1) of macOS and of POSIX.
 */
export function usageIn(pid: number, line: string | undefined): Usage | undefined {
  const [rss, time] = line?.trim().split(/\s+/) ?? [];
  if (rss === undefined || time === undefined) return undefined;
  const seconds = time.split(/[:-]/).reduce((sum, each) => sum * 60 + Number(each), 0);
  return {
    ...{ pids: [pid], threads: 1, rssBytes: Number(rss) * 1024 },
    ...{ kernelBytes: processBytes, addressBytes: 0 },
    times: [{ id: String(pid), ownMs: Math.round(seconds * 1000), waitedMs: 0, isRunning: () => false }],
  };
}

/** When it began, so that no later process of its number is taken for it. */
export const beginningByPs = (pid: number): string | undefined => psOf(pid, "lstart=")?.trim() || undefined;

function psOf(pid: number, columns: string): string | undefined {
  try {
    return execFileSync(ps, ["-o", columns, "-p", String(pid)], { encoding: "utf8", env: { LC_ALL: "C" } });
  } catch (error) {
    // It ends with 1 where there is no such process.
    if ((error as { status?: number }).status === 1) return undefined;
    throw error;
  }
}
