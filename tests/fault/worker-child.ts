// Runs a worker that never ends, prints the ids of its processes once it acts, and waits to be killed.
import { sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { runWorker } from "@mh/host/sandbox/run-worker.ts";
import { usageOf } from "@mh/host/sandbox/usage.ts";

runWorker(sandboxExecutor(), {
  source: `export const agent = { run: async (agent) => { await agent.act("a.b", {}); await new Promise(() => setInterval(() => {}, 1000)); } };`,
  shipped: false,
  limits: { timeMs: 60_000, cpuMs: 60_000, memoryBytes: 512 * 2 ** 20 },
  context: {},
  act: async () => {
    const pids = usageOf(process.pid)?.pids.filter((pid) => pid !== process.pid);
    process.stdout.write(`${JSON.stringify(pids)}\n`);
    return { status: "done", id: "0", value: null };
  },
  log: () => undefined,
});
