// A process that runs jobs: one that itself inherited a descriptor, or one that is about to be killed.
import * as fs from "node:fs";
import type { Job } from "@mh/core/ports/executor.ts";
import { nodeInside } from "@mh/host/sandbox/bubblewrap.ts";
import { sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { usageOf } from "@mh/host/sandbox/usage.ts";

const executor = sandboxExecutor();
const limits: Job["limits"] = {
  ...{ memoryBytes: 2 ** 29, processesMax: 32 },
  output: { bytesMax: 2 ** 16, beyond: "drop" },
};

const shell = (text: string): Job => ({
  ...{ program: "/bin/sh", args: ["-c", text], limits, unsandboxed: "" },
  view: { base: "system", places: [], folder: "/tmp" },
});

async function saidBy(job: Job): Promise<string> {
  const run = executor.run(job);
  let said = "";
  run.output.listen((chunk) => {
    said += Buffer.from(chunk).toString("utf8");
  });
  await run.end;
  return said.trim();
}

/** What this process holds as its descriptor 60, and what jobs of both bases find open. */
async function descriptors(): Promise<void> {
  const listed = "ls -l /proc/$$/fd; :";
  const text = `const fs = process.getBuiltinModule("fs"); try { console.log("60=" + fs.readFileSync(60, "utf8")); } catch (error) { console.log(error.code); }`;
  const node: Job = {
    ...{ program: nodeInside, args: ["-e", text], unsandboxed: "" },
    view: { base: "node", places: [], folder: "/mh" },
    limits: { ...limits, processesMax: 1 },
  };
  const facts = {
    own: fs.readFileSync("/proc/self/fd/60", "utf8"),
    system: [...(await saidBy(shell(listed))).matchAll(/ (\d+) -> (.+)$/gm)].map(([, n, to]) => [Number(n), to]),
    node: await saidBy(node),
  };
  process.stdout.write(JSON.stringify(facts));
}

/** A tree that listens to nothing, and whose numbers are told. */
async function serves(): Promise<void> {
  const service = executor.serve({
    job: () => shell("trap '' TERM HUP; sleep 1000 & sleep 1000 & echo up; while :; do sleep 1000; done"),
    ready: (run) => new Promise<void>((resolve) => run.output.listen(() => resolve())),
    restart: "always",
    backOff: { firstMs: 100, maxMs: 100 },
    crashLoop: { crashes: 100, withinMs: 1_000 },
    stopWithinMs: 1_000,
  });
  await service.use();
  const pids = usageOf(process.pid)?.pids.filter((pid) => pid !== process.pid);
  process.stdout.write(`${JSON.stringify(pids)}\n`);
}

/** How many threads a job comes to that may have two processes; nobody looks at threads. */
async function swarm(): Promise<void> {
  const text = `
import threading
n, event = 0, threading.Event()
try:
  while n < 2000:
    threading.Thread(target=event.wait, daemon=True).start()
    n += 1
except RuntimeError: pass
print(n)`;
  const python = { program: "/usr/bin/python3", args: ["-c", text] };
  process.stdout.write(await saidBy({ ...shell(""), ...python, limits: { ...limits, processesMax: 2 } }));
}

const ways = { serves, descriptors, swarm };
await ways[process.argv[2] as keyof typeof ways]();
