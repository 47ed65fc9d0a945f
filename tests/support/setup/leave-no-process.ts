import { signal } from "@mh/host/sandbox/end-tree.ts";
import { usageOf } from "@mh/host/sandbox/usage.ts";
import { afterAll } from "vitest";

/**
 * Ends what a file's tests started and left running, as where one of them fails in the middle: such a process has the
 * worker's standard error, and vitest waits for that to be closed, for ever.
 */
afterAll(() => {
  for (const pid of usageOf(process.pid)?.pids.slice(1) ?? []) signal(pid, "SIGKILL");
});
