// A daemon with nothing to do: what it holds of the memory, and how often it wakes, beside a Node that only waits, all
// looked at for the same stretch of time (DESIGN §10: at most 150 MB). Linux only: it reads /proc.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ended, mh, startDaemon, type Usage, usageOf } from "./support/bench-daemon.ts";

const budgetMiB = 150;
const settleMs = 5_000;
const stretchMs = 30_000;
const checkout = path.join(import.meta.dirname, "..");

if (process.platform === "linux") await measure();
else console.log(JSON.stringify({ bench: "daemon idle", skipped: "there is no /proc here" }));

async function measure(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
  const env = { ...process.env, HOME: folder };
  const shipped = fs.readdirSync(path.join(checkout, "brain", "agents")).map((file) => path.basename(file, ".ts"));
  const running: ChildProcess[] = [];
  try {
    const bare = spawn(process.execPath, ["-e", "setInterval(() => undefined, 2 ** 30)"], { stdio: "ignore" });
    running.push(bare);
    const daemons: [agents: number, child: ChildProcess][] = [];
    for (const agents of [[], shipped]) {
      const home = makeHome(path.join(folder, `home-${agents.length}`), agents, env);
      const child = await startDaemon(home, env);
      running.push(child);
      daemons.push([agents.length, child]);
    }
    await pause(settleMs);
    const all = [bare, ...daemons.map(([, child]) => child)];
    const before = all.map(usageOf);
    await pause(stretchMs);
    const after = all.map(usageOf);
    const rates = after.map((usage, n) => perSecond(before[n] as Usage, usage));
    const [bareAfter, bareRate] = [after[0] as Usage, rates[0]];
    daemons.forEach(([agents], n) => {
      const { rssMiB, privateMiB } = after[n + 1] as Usage;
      const figures = { ratio: rssMiB / bareAfter.rssMiB, rssMiB, bareRssMiB: bareAfter.rssMiB };
      const beside = { privateMiB, barePrivateMiB: bareAfter.privateMiB, ...rates[n + 1], bare: bareRate };
      const judged = { budget: budgetMiB, withinBudget: rssMiB <= budgetMiB };
      console.log(JSON.stringify({ bench: "daemon idle", agents, ...figures, ...beside, ...judged }));
    });
  } finally {
    await Promise.all(running.map(ended));
    fs.rmSync(folder, { recursive: true });
  }
}

function makeHome(home: string, agents: readonly string[], env: NodeJS.ProcessEnv): string {
  run(["--home", home, "init", "--yes"], env);
  fs.appendFileSync(path.join(home, "config.yaml"), "\ndaemon:\n  port: 0\n");
  for (const name of agents) run(["--home", home, "agent", "allow", name, "--yes"], env);
  return home;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stderr } = spawnSync(mh, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`mh ${args.join(" ")}: ${stderr}`);
}

function perSecond(before: Usage, after: Usage): { cpuMsPerS: number; wakesPerS: number } {
  const rate = (from: number, to: number) => Math.round(((to - from) / stretchMs) * 1e5) / 100;
  return { cpuMsPerS: rate(before.cpuMs, after.cpuMs), wakesPerS: rate(before.wakes, after.wakes) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
