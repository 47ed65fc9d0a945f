import { execFileSync } from "node:child_process";
import * as fs from "node:fs";

/** What one process uses by itself, without what it started: a sandbox that is tried takes more than any input. */
export function ownUsage(pid: number): { cpuMs: number; rssBytes: number } | undefined {
  const file = `/proc/${pid}/stat`;
  try {
    if (!fs.existsSync("/proc/self/stat")) return usageByPs(pid);
    const text = fs.readFileSync(file, "utf8");
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    return { cpuMs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * 10, rssBytes: (fields[21] ?? 0) * 4096 };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

/** See ps(1): resident KiB, and processor time as `[[dd-]hh:]mm:ss.hh`. */
function usageByPs(pid: number): { cpuMs: number; rssBytes: number } {
  const [rss = "0", time = "0"] = execFileSync("ps", ["-o", "rss=,time=", "-p", String(pid)], { encoding: "utf8" })
    .trim()
    .split(/\s+/);
  const seconds = time.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuMs: seconds * 1000, rssBytes: Number(rss) * 1024 };
}
