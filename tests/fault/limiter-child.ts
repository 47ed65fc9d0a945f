// A process that starts jobs and then does nothing but loop: no timer, no message and no event of its own comes through.
import * as path from "node:path";
import type { Job } from "@mh/core/ports/executor.ts";
import { findSandbox, sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { usageOf } from "@mh/host/sandbox/usage.ts";
import { beat } from "@mh/host/sandbox/watchdog.ts";

const root = process.argv[3] ?? "";
const parent = process.ppid;
const executor = sandboxExecutor({ stopFile: path.join(root, "run", "STOP") });

const shell = (text: string, limits: Partial<Job["limits"]> = {}): Job => ({
  ...{ program: "/bin/sh", args: ["-c", text], unsandboxed: "" },
  view: { base: "system", places: [], folder: "/tmp" },
  limits: { memoryBytes: 2 ** 29, processesMax: 32, output: { bytesMax: 2 ** 16, beyond: "drop" }, ...limits },
});

/** The numbers of all that came of a job, once it says that it is up. */
async function pidsOf(job: Job): Promise<number[]> {
  const before = new Set(usageOf(process.pid)?.pids);
  await new Promise<void>((resolve) => executor.run(job).output.listen(() => resolve()));
  return (usageOf(process.pid)?.pids ?? []).filter((pid) => !before.has(pid));
}

async function stuck(): Promise<void> {
  beat(path.join(root, "logs", "run", "daemon.ndjson"));
  const late = await pidsOf(shell("sleep 1000 & echo up; wait", { timeMs: 3_000 }));
  const others = await pidsOf(shell("trap '' TERM; sleep 1000 & sleep 1000 & echo up; wait"));
  process.stdout.write(`${JSON.stringify([late, others])}\n`, () => {
    // Until it is killed, or nobody is there to do it.
    while (process.ppid === parent);
    process.exit(1);
  });
}

/** What holds here, for the user that this process runs as. */
async function caps(): Promise<void> {
  process.stdout.write(JSON.stringify(await findSandbox()));
}

await { stuck, caps }[process.argv[2] as "stuck"]();
