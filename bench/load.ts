// A daemon that is never left alone: how much memory, how many descriptors and how much log it comes to hold, and whether all that
// it acknowledged is there at the end, once. `npm run bench -- load` takes a minute;
// `node --conditions=mh-source bench/load.ts --minutes 60` goes on for an hour, and
// `--samples FILE` writes down what it held every five seconds. Linux only: it reads /proc.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { connectHome } from "@mh/host/connect/connect-home.ts";
import { daemonToken } from "@mh/host/daemon/token.ts";
import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { HomeChecker } from "../tests/support/check-home.ts";
import { ended, mh, startDaemon, usageOf } from "./support/bench-daemon.ts";
import { type Loaded, load } from "./support/load.ts";
import { prepareHome } from "./support/load-home.ts";
import { filesOf, heapOf, type Sample, sampleOf, slopeOf, stretchesOf } from "./support/load-samples.ts";
import { notOnce } from "./support/load-verdict.ts";
import { sentence } from "./support/synthetic-text.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    memories: { type: "string", default: "10000" },
    samples: { type: "string" },
  },
});
const [minutes, memories] = [Number(values.minutes), Number(values.memories)];
const budgetMiB = 200;
/** A round begins each second, if the last is over: the daemon shares the machine. */
const roundMs = 1_000;
const sampleEveryMs = 5_000;
const checkout = path.join(import.meta.dirname, "..");

if (process.platform === "linux") await measure();
else console.log(JSON.stringify({ bench: "daemon load", skipped: "there is no /proc here" }));

async function measure(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
  const environment = { ...process.env, HOME: folder };
  const root = path.join(folder, "home");
  await using models = await startScriptedModels();
  const agents = fs.readdirSync(path.join(checkout, "brain", "agents")).map((file) => path.basename(file, ".ts"));
  const tokens = prepareHome(root, environment, { mh: [mh], modelUrl: models.url, agents });
  await fill(root, environment);
  const daemon = await startDaemon(root, environment);
  const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as Record<string, string>;
  const [origin, token] = [
    read("run/daemon.json").url as string,
    daemonToken(read("home.json").id as string, environment),
  ];
  const samples: Sample[] = [];
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 60_000;
  const sampling = setInterval(() => {
    if (daemon.exitCode === null && daemon.signalCode === null) samples.push(sampleOf(daemon.pid as number, passed()));
  }, sampleEveryMs);
  const report = async (round: number) => {
    const { rssMiB, privateMiB, cpuMs } = usageOf(daemon);
    const { descriptors } = sampleOf(daemon.pid as number, 0);
    const figures = { minute: Math.round(passed() * 10) / 10, round, rssMiB, privateMiB, descriptors, cpuMs };
    const line = { bench: "daemon load", ...figures, ...(await heapOf(origin, token)), ...filesOf(root) };
    console.log(JSON.stringify(line));
  };
  let loaded: Loaded | undefined;
  let hasDied = false;
  try {
    let [next, due] = [0, 0];
    const goesOn = async (round: number) => {
      if (passed() >= next) {
        await report(round);
        next += 1;
      }
      models.asked.length = 0;
      models.requests.length = 0;
      due = Math.max(due + roundMs, performance.now());
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      return passed() < minutes && daemon.exitCode === null;
    };
    const scratch = path.join(folder, "notes");
    loaded = await load({ root, environment, scratch, agent: "counter", tokens, goesOn });
    await report(loaded.rounds);
    hasDied = daemon.exitCode !== null || daemon.signalCode !== null;
  } finally {
    clearInterval(sampling);
    await ended(daemon);
  }
  const verify = spawnSync(mh, ["--home", root, "audit", "verify"], { env: environment, encoding: "utf8" });
  using checker = new HomeChecker();
  const { rounds, acknowledged, done, there, gone, events, refused } = loaded;
  const missing = await checker.check(root, { done, there: there.slice(-500), gone: gone.slice(-500) });
  const wrong = [...loaded.wrong, ...missing, ...notOnce(root, loaded)];
  const rss = { worstMiB: Math.max(...samples.map(({ rssMiB }) => rssMiB)), stretches: stretchesOf(samples) };
  const [mibPerMinute, descriptorsPerMinute] = [
    slopeOf(samples, ({ rssMiB }) => rssMiB),
    slopeOf(samples, ({ descriptors }) => descriptors),
  ];
  const judged = { budget: budgetMiB, withinBudget: rss.worstMiB <= budgetMiB };
  const told = { minutes, rounds, events, refused, acknowledged, checked: done.length, verify: verify.status, wrong };
  const ends = { exit: daemon.exitCode, signal: daemon.signalCode };
  const slopes = { lastHalf: { mibPerMinute, descriptorsPerMinute } };
  console.log(JSON.stringify({ bench: "daemon load", ...told, ...ends, ...rss, ...slopes, ...judged }));
  if (values.samples) fs.writeFileSync(values.samples, JSON.stringify(samples));
  const isWrong = verify.status !== 0 || wrong.length > 0 || hasDied || !judged.withinBudget;
  if (isWrong) process.exitCode = 1;
  else fs.rmSync(folder, { recursive: true });
}

/** What years left there before. */
async function fill(root: string, environment: NodeJS.ProcessEnv): Promise<void> {
  await using home = await connectHome(root, { environment });
  for (let from = 0; from < memories; from += 500) {
    const items = Array.from({ length: Math.min(500, memories - from) }, (_, n) => ({
      externalId: String(from + n),
      content: sentence(from + n),
      at: new Date(Date.UTC(2021, 0, 1) + (from + n) * 3_600_000).toISOString(),
    }));
    const outcome = await home.act("memory.import", { source: "years", from: "years", items });
    if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  }
}
