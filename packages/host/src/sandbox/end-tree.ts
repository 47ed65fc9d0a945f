import { beganAt, childrenOf, usageOf } from "./usage.ts";
import type { WatchOrder } from "./watch-order.ts";

/** Ends a process and all that came of it, at once; false where it cannot be ended yet, and has to be tried again. */
export function endTree({ pid, began, kind }: Pick<WatchOrder, "pid" | "began" | "kind">): boolean {
  if (beganAt(pid) !== began) return true;
  if (kind === "group") return signal(-pid, "SIGKILL");
  const [inside] = childrenOf(pid);
  // bubblewrap starts one process, the first inside. To end bubblewrap before would leave that one waiting for ever.
  if (inside === undefined) return false;
  const pids = usageOf(pid)?.pids ?? [];
  signal(inside, "SIGKILL");
  for (const each of pids.toReversed()) signal(each, "SIGKILL");
  return true;
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
