// A daemon that is never left alone: how much memory, how many descriptors and how much log it comes to hold, and whether all that
// it acknowledged is there at the end. `npm run bench -- load` takes a minute; with a number behind it, `bench/load.ts` takes so many minutes.
// Linux only: it reads /proc.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { HomeChecker } from "../tests/support/check-home.ts";
import { filesBelow } from "../tests/support/files-below.ts";
import { ended, mh, startDaemon, usageOf } from "./support/bench-daemon.ts";
import { type Loaded, load } from "./support/load.ts";
import { prepareHome } from "./support/load-home.ts";

const minutes = Number(process.argv[2] ?? 1);
const budgetMiB = 200;
/** The driver's own pace: the daemon shares the machine. */
const pauseMs = 250;

if (process.platform === "linux") await measure();
else console.log(JSON.stringify({ bench: "daemon load", skipped: "there is no /proc here" }));

async function measure(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
  const environment = { ...process.env, HOME: folder };
  const root = path.join(folder, "home");
  await using models = await startScriptedModels();
  prepareHome(root, environment, { mh: [mh], modelUrl: models.url });
  const daemon = await startDaemon(root, environment);
  let loaded: Loaded | undefined;
  let worstMiB = 0;
  let hasDied = false;
  const begun = performance.now();
  const report = (round: number) => {
    const { rssMiB, cpuMs } = usageOf(daemon);
    worstMiB = Math.max(worstMiB, rssMiB);
    const descriptors = fs.readdirSync(`/proc/${daemon.pid}/fd`).length;
    const minute = Math.round((performance.now() - begun) / 6_000) / 10;
    const logs = { daemonLogKiB: kib(path.join(root, "logs", "run")), auditKiB: kib(path.join(root, "logs", "audit")) };
    const figures = { minute, round, rssMiB, descriptors, cpuMs, ...logs, runKiB: kib(path.join(root, "run")) };
    console.log(JSON.stringify({ bench: "daemon load", ...figures, homeKiB: kib(root) }));
  };
  try {
    let next = 0;
    const goesOn = async (round: number) => {
      const passed = (performance.now() - begun) / 60_000;
      if (passed >= next) {
        report(round);
        next += 1;
      }
      models.asked.length = 0;
      models.requests.length = 0;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      return passed < minutes && daemon.exitCode === null;
    };
    loaded = await load({ root, environment, scratch: path.join(folder, "notes"), agent: "counter", goesOn });
    report(loaded.rounds);
    hasDied = daemon.exitCode !== null || daemon.signalCode !== null;
  } finally {
    await ended(daemon);
  }
  const verify = spawnSync(mh, ["--home", root, "audit", "verify"], { env: environment, encoding: "utf8" });
  using checker = new HomeChecker();
  const missing = await checker.check(root, {
    done: loaded.done,
    there: loaded.there.slice(-2_000),
    gone: loaded.gone,
  });
  const { rounds, acknowledged, events, wrong } = loaded;
  const held = { verify: verify.status, missing, wrong, exit: daemon.exitCode, signal: daemon.signalCode };
  const judged = { worstMiB, budget: budgetMiB, withinBudget: worstMiB <= budgetMiB };
  console.log(JSON.stringify({ bench: "daemon load", minutes, rounds, events, acknowledged, ...held, ...judged }));
  const isWrong = verify.status !== 0 || missing.length + wrong.length > 0 || hasDied || !judged.withinBudget;
  if (isWrong) process.exitCode = 1;
  else fs.rmSync(folder, { recursive: true });
}

/** All files below a folder together. */
const kib = (folder: string): number =>
  Math.round(
    filesBelow(folder).reduce((sum, file) => sum + (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0) / 1024,
  );
