import * as fs from "node:fs";
import { usageOf } from "@mh/host/sandbox/usage.ts";

/** The processes of this one that have the word among their arguments. */
export function processesWith(word: string): number[] {
  const has = (pid: number) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
    } catch {
      // It ended meanwhile.
      return false;
    }
  };
  return (usageOf(process.pid)?.pids ?? []).filter(has);
}
