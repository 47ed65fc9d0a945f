import * as fs from "node:fs";
import { beginningOf, childrenOf, readProc, usageOf } from "./usage.ts";
import type { WatchOrder } from "./watch-order.ts";

/** Ends a process and all that came of it, at once; false where it cannot be ended yet, and has to be tried again. */
export function endTree({
  pid,
  began,
  kind,
  killFile,
}: Pick<WatchOrder, "pid" | "began" | "kind" | "killFile">): boolean {
  if (killFile !== undefined && isWritten(killFile)) return true;
  if (beginningOf(pid) !== began) return true;
  if (kind === "group") return signal(-pid, "SIGKILL");
  const depth = pidNamespaces(pid);
  const inside = childrenOf(pid).find((each) => pidNamespaces(each) > depth);
  // bubblewrap starts one process, the first inside. To end bubblewrap before would leave that one waiting for ever.
  if (inside === undefined) return false;
  const pids = usageOf(pid)?.pids ?? [];
  signal(inside, "SIGKILL");
  for (const each of pids.toReversed()) signal(each, "SIGKILL");
  return true;
}

/** In how many namespaces of processes it has a number, from that of this /proc on (proc(5)); 0 where it is gone. */
function pidNamespaces(pid: number): number {
  const [, numbers = ""] = /^NSpid:\s+(.+)$/m.exec(readProc(`/proc/${pid}/status`) ?? "") ?? [];
  return numbers.split(/\s+/).filter(Boolean).length;
}

/** False before Linux 5.14, which has no such file. */
function isWritten(killFile: string): boolean {
  try {
    fs.writeFileSync(killFile, "1", { flag: "r+" });
    return true;
  } catch {
    return false;
  }
}

/** True also where it ended meanwhile, which is what was wanted. */
export function signal(pid: number, what: NodeJS.Signals): true {
  try {
    process.kill(pid, what);
  } catch (error) {
    if ((error as { code?: string }).code !== "ESRCH") throw error;
  }
  return true;
}
