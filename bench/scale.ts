// What everyday work costs in a home of 1,000,000 memories, 20,000 tasks and 1,000,000 records beside one of a hundredth of that:
// processor time of each operation, in a process that holds both homes open (as a daemon does) and by the built CLI; the
// most memory that a snapshot and a restore take; import at the end beside import at the beginning; an opening after a copy of
// the files beside one that makes the index anew. `--days` says how many days the big home was lived in (1000); `--homes
// FOLDER` keeps the homes there, and uses them again; `--only` names parts (process, commands, snapshots, touched), `--what` a pattern of operations. Measures what `npm run build` built.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { filesBelow } from "../tests/support/files-below.ts";
import { type BenchHome, benchHome } from "./support/bench-home.ts";
import { median, quantile } from "./support/median.ts";
import { processorMsOf } from "./support/processor-time.ts";
import { type Filled, scaleHome } from "./support/scale-home.ts";
import { questionsOf, sentence } from "./support/synthetic-text.ts";

const { values } = parseArgs({
  options: {
    days: { type: "string", default: "1000" },
    homes: { type: "string" },
    only: { type: "string", default: "process,commands,snapshots,touched" },
    what: { type: "string", default: "" },
  },
});
const daysOfSmall = 10;
const budget = 1.5;
const program = path.join(import.meta.dirname, "..", "dist", "mh.js");
const folder = values.homes ?? fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));

interface Both<T> {
  small: T;
  big: T;
}

interface Lived {
  home: BenchHome;
  filled: Filled;
  folder: string;
}

try {
  await measureAll();
} finally {
  if (!values.homes) fs.rmSync(folder, { recursive: true });
}

async function measureAll(): Promise<void> {
  const fill = async (name: string, days: number) => ({
    folder: path.join(folder, name),
    filled: await scaleHome(path.join(folder, name), days),
  });
  const small = await fill("small", daysOfSmall);
  const big = await fill("big", Number(values.days));
  for (const [size, { filled }] of Object.entries({ small, big })) print({ size, ...filled });
  const parts = new Set(values.only.split(","));
  if (parts.has("process")) {
    await using smallHome = await benchHome(small.folder);
    await using bigHome = await benchHome(big.folder);
    await inProcess({ small: { ...small, home: smallHome }, big: { ...big, home: bigHome } });
  }
  if (parts.has("commands")) byCommand({ small, big });
  if (parts.has("snapshots")) await snapshots({ small, big });
  if (parts.has("touched")) for (const [size, each] of Object.entries({ small, big })) await touched(size, each);
}

/** Operations of a process that holds both homes, in turns, so that what disturbs one disturbs the other. */
async function inProcess(both: Both<Lived>): Promise<void> {
  let n = 0;
  const asked = questionsOf(40);
  const own = (skill: string, args: object) => (lived: Lived) => lived.home.own(skill, args);
  const why = (which: "oldest" | "latest") => (lived: Lived) =>
    lived.home.own("command.explain", { which: lived.filled[which] });
  const task = async ({ home }: Lived) => {
    const { id } = (await home.own("task.add", { title: `Seen on visit ${++n}` })) as { id: string };
    return async () => void (await home.own("task.finish", { id }));
  };
  const captured = async ({ home }: Lived) => {
    await home.own("memory.capture", { text: `${sentence(3e7 + ++n)} Seen.` });
    return async () => void (await home.own("history.undo", {}));
  };
  await compare("opening", both, 5, (lived) => lived.home.reopen());
  await compare("capture", both, 20, (lived) =>
    lived.home.own("memory.capture", { text: `${sentence(3e7 + ++n)} Seen on visit ${n}.` }),
  );
  await compare("memory list", both, 20, own("memory.list", { latest: true, limit: 20 }));
  await compareLeast("search", both, asked.length, (lived, i) => lived.home.own("memory.search", { q: asked[i] }));
  await compare("status", both, 20, own("home.status", {}));
  await compare("audit tail", both, 20, own("audit.tail", { limit: 5 }));
  await compare("why of the oldest", both, 20, why("oldest"));
  await compare("why of the latest", both, 20, why("latest"));
  await compare("task list, a page", both, 20, own("task.list", { limit: 20 }));
  await compare("task count", both, 20, own("task.count", {}));
  await compare("task done", both, 20, undefined, task);
  await compare("history", both, 20, own("history.list", { limit: 20 }));
  await compare("undo", both, 20, undefined, captured);
  await compare("import, a memory", both, 10, (lived) => importSome(lived.home, ++n), undefined, 500);
}

/** The same by the built CLI: each is a process that opens the home, and closes it. */
function byCommand(both: Both<{ folder: string; filled: Filled }>): void {
  const commands: [string, (filled: Filled, n: number) => string[]][] = [
    ["capture", (_, n) => ["capture", `${sentence(4e7 + n)} Seen on visit ${n}.`]],
    ["memory list", () => ["memory", "list"]],
    ["search", (_, n) => ["search", questionsOf(n + 1).at(-1) as string]],
    ["status", () => ["status"]],
    ["audit tail -n 5", () => ["audit", "tail", "-n", "5"]],
    ["why of the oldest", ({ oldest }) => ["why", oldest]],
    ["why of the latest", ({ latest }) => ["why", latest]],
    ["task list", () => ["task", "list"]],
    ["history", () => ["history"]],
    ["undo", () => ["undo"]],
  ];
  for (const [what, args] of commands.filter(([what]) => what.match(values.what))) {
    const taken: Both<number[]> = { small: [], big: [] };
    for (let n = 0; n < 4; n += 1)
      for (const size of ["small", "big"] as const) {
        const { ms } = run(both[size].folder, args(both[size].filled, n));
        // The first one loads from the disk what the others find in its cache.
        if (n > 0) taken[size].push(ms);
      }
    tell(`mh ${what}`, { small: median(taken.small), big: median(taken.big) });
  }
}

/** What a snapshot and a restore take, by the CLI: time in proportion, memory the same. */
async function snapshots(both: Both<{ folder: string; filled: Filled }>): Promise<void> {
  const steps: [string, string[]][] = [
    ["snapshot create", ["snapshot", "create", "bench"]],
    ["snapshot restore --preview", ["snapshot", "restore", "bench", "--preview"]],
    ["snapshot restore", ["snapshot", "restore", "bench"]],
  ];
  for (const [what, args] of steps) {
    const of = (size: keyof Both<unknown>) => {
      const { ms, mostMb } = run(both[size].folder, args);
      return { msPerMemory: ms / both[size].filled.memories, mostMb };
    };
    const [small, big] = [of("small"), of("big")];
    tell(`${what}, ms a memory`, { small: small.msPerMemory, big: big.msPerMemory });
    tell(`${what}, most MB held`, { small: small.mostMb, big: big.mostMb });
  }
}

/** An opening after a copy of the memory files, and one that makes the index anew. */
async function touched(size: string, { folder }: { folder: string }): Promise<void> {
  await using home = await benchHome(folder);
  const opened = await processorMsOf(() => home.reopen());
  for (const file of filesBelow(path.join(home.root, "memory/episodic"))) {
    fs.copyFileSync(file, `${file}.copy`);
    fs.renameSync(`${file}.copy`, file);
  }
  const touchedMs = await processorMsOf(() => home.reopen());
  await home.close();
  fs.rmSync(path.join(home.root, "memory/index"), { recursive: true });
  const rebuiltMs = await processorMsOf(() => home.reopen());
  const firstListMs = await processorMsOf(() => home.own("memory.list", { latest: true, limit: 20 }));
  const figures = { openedMs: opened, touchedMs, rebuiltMs, firstListMs };
  print({
    what: "touched beside rebuilt",
    size,
    ...figures,
    ratio: touchedMs / rebuiltMs,
    budget: 1,
    withinBudget: touchedMs <= rebuiltMs,
  });
}

async function importSome(home: BenchHome, n: number): Promise<unknown> {
  const items = Array.from({ length: 500 }, (_, i) => ({
    externalId: `late ${n}.${i}`,
    content: sentence(5e7 + n * 500 + i),
  }));
  return home.own("memory.import", { source: "late", from: "late.ndjson", items });
}

type Work = (lived: Lived, i: number) => Promise<unknown>;
/** What has to be there before, and then the work itself. */
type Prepared = (lived: Lived) => Promise<() => Promise<unknown>>;

/** Median and p95 of so many times, in turns, after one that is not counted. `each`: what it is divided by. */
async function compare(
  what: string,
  both: Both<Lived>,
  count: number,
  work?: Work,
  prepared?: Prepared,
  each = 1,
): Promise<void> {
  if (!what.match(values.what)) return;
  const taken: Both<number[]> = { small: [], big: [] };
  for (let i = 0; i <= count; i += 1)
    for (const size of ["small", "big"] as const) {
      const ready = prepared ? await prepared(both[size]) : () => work?.(both[size], i) ?? Promise.resolve();
      const ms = await processorMsOf(ready);
      if (i > 0) taken[size].push(ms / each);
    }
  tellAll(what, taken);
}

/** Of two times each the least: what a busy machine's caches lose is no part of it. */
async function compareLeast(what: string, both: Both<Lived>, count: number, work: Work): Promise<void> {
  if (!what.match(values.what)) return;
  const least: Both<number[]> = { small: [], big: [] };
  for (let round = 0; round < 2; round += 1)
    for (let i = 0; i < count; i += 1)
      for (const size of ["small", "big"] as const) {
        const ms = await processorMsOf(() => work(both[size], i));
        least[size][i] = Math.min(least[size][i] ?? ms, ms);
      }
  tellAll(what, least);
}

function tellAll(what: string, taken: Both<number[]>): void {
  tell(what, { small: median(taken.small), big: median(taken.big) });
  tell(`${what}, p95`, { small: quantile(taken.small, 0.95), big: quantile(taken.big, 0.95) });
}

function tell(what: string, { small, big }: Both<number>): void {
  const ratio = big / small;
  const [least, most] = [small, big].map((n) => Number(n.toPrecision(3)));
  print({ what, small: least, big: most, ratio: Number(ratio.toPrecision(3)), budget, withinBudget: ratio <= budget });
}

function print(line: object): void {
  console.log(JSON.stringify({ bench: "scale", ...line }));
}

/** What a process took is known to itself alone, at its end. */
function run(home: string, args: readonly string[]): { ms: number; mostMb: number } {
  const used = path.join(home, "used.json");
  const noteUse = `import fs from "node:fs"; process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    fs.writeFileSync(${JSON.stringify(used)}, JSON.stringify({ ms: (userCPUTime + systemCPUTime) / 1e3, mostMb: maxRSS / 1e3 }));
  });`;
  const noted = `data:text/javascript,${encodeURIComponent(noteUse)}`;
  const command = ["--import", noted, program, "--home", path.join(home, "home"), ...args];
  const env = { ...process.env, HOME: home };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`mh ${args.join(" ")}: ${stdout}${stderr}`);
  return JSON.parse(fs.readFileSync(used, "utf8")) as { ms: number; mostMb: number };
}
