// Starts workers for bench/worker.ts in the sandbox that there is, and reports how long each took to its first command.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { findSandbox, sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { runWorker } from "@mh/host/sandbox/run-worker.ts";

import { agentText } from "./bench-home.ts";
import { median, quantile } from "./median.ts";
import { timed } from "./timed.ts";

const rounds = 25;
const [wanted] = process.argv.slice(2);
const limits = { timeMs: 20_000, cpuMs: 20_000, memoryBytes: 256 * 2 ** 20 };
const source = agentText("first", '{ every: "1h" }', ["a.b"], 'await agent.act("a.b", {});');

const { kind, reason } = await findSandbox();
if (kind === wanted) await measure();
else console.log(JSON.stringify({ bench: "worker start", sandbox: wanted, skipped: reason ?? `there is ${kind}` }));

async function measure(): Promise<void> {
  await firstAct();
  const times = { bare: [] as number[], worker: [] as number[], whole: [] as number[] };
  for (let n = 0; n < rounds; n += 1) {
    times.bare.push(await timed(() => once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit")));
    const begun = performance.now();
    times.worker.push(await firstAct());
    times.whole.push(performance.now() - begun);
  }
  const ratio = median(times.worker.map((ms, n) => ms / (times.bare[n] ?? Number.NaN)));
  const figures = { ratio, p50Ms: median(times.worker), p95Ms: quantile(times.worker, 0.95) };
  const beside = { bareMs: median(times.bare), wholeRunMs: median(times.whole) };
  console.log(JSON.stringify({ bench: "worker start", sandbox: kind, ...figures, ...beside }));
}

/** How long it took to the agent's first command. Returns when the worker has ended. */
async function firstAct(): Promise<number> {
  const began = performance.now();
  let ms = Number.NaN;
  const act = async () => {
    ms = performance.now() - began;
    return { status: "done" as const, id: "0", value: null };
  };
  const { status, message } = await runWorker(sandboxExecutor(), {
    ...{ source, shipped: true, limits, act },
    context: { name: "first", config: {}, owner: { name: "Ada", timeZone: "UTC" }, trigger: { kind: "owner" } },
    log: () => undefined,
  }).end;
  if (status !== "done") throw new Error(message);
  return ms;
}
