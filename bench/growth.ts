// How costs grow with the number of memories: bytes in the home, and processor time of an import, an opening, a capture, a
// status, a list, the tail of the log, a why, an opening after a copy of the files, and a search beside FTS5 in the same run; and what other engines take to search the same texts, as far as each
// gets. Sizes are 1,000, 10,000 and 100,000; `node --conditions=mh-source bench/growth.ts --to 1000000` goes further. What grows
// in proportion keeps its figure per memory, what does not grow keeps its figure. `--homes FOLDER` keeps the homes there, with
// what it took to fill them: a run that was cut off, or the next one, need not fill them again. `--draw FILE` measures
// nothing: it draws what such a run printed into bench/plots.
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { filesBelow } from "../tests/support/files-below.ts";
import { type BenchHome, benchHome } from "./support/bench-home.ts";
import { type EngineName, engines } from "./support/engines.ts";
import { drawGrowth, type Figures } from "./support/growth-plots.ts";
import { median, quantile } from "./support/median.ts";
import { measureEngine } from "./support/others.ts";
import { processorMsOf } from "./support/processor-time.ts";
import { questionsOf, sentence } from "./support/synthetic-text.ts";
import { tellingWords } from "./support/telling-words.ts";

const { values } = parseArgs({
  options: { to: { type: "string", default: "100000" }, homes: { type: "string" }, draw: { type: "string" } },
});
const sizes = [1_000, 10_000, 100_000, 1_000_000].filter((size) => size <= Number(values.to));
const atOnce = 500;
const questions = 100;
const filledName = "filled.json";

if (values.draw) drawGrowth(fs.readFileSync(values.draw, "utf8"), path.join(import.meta.dirname, "plots"));
else await measureAll();

async function measureAll(): Promise<void> {
  // What is loaded and compiled at first use is no part of any size.
  await measure(500);
  let first: Figures | undefined;
  for (const memories of sizes) {
    const figures = await measure(memories);
    first ??= figures;
    const toTheFirst = Object.entries(figures).map(([name, n]) => [name, round(n / (first?.[name] ?? n))]);
    print({ memories, ...rounded(figures), toTheFirst: Object.fromEntries(toTheFirst) });
  }
  for (const engine of Object.keys(engines) as EngineName[]) {
    for (const memories of sizes) {
      const figures = measureEngine(engine, memories);
      print({ engine, memories, ...("stopped" in figures ? figures : rounded(figures)) });
      if ("stopped" in figures) break;
    }
  }
}

function print(line: object): void {
  console.log(JSON.stringify({ bench: "growth", ...line }));
}

async function measure(memories: number): Promise<Figures> {
  const kept = values.homes && path.join(values.homes, String(memories));
  // One that was cut off while it was filled is no home of that size, and what it took is not known.
  if (kept && !fs.existsSync(path.join(kept, filledName))) fs.rmSync(kept, { recursive: true, force: true });
  await using home = await benchHome(kept);
  const importMs = await filled(home, memories);
  const captures = await times(60, (n) => home.own("memory.capture", { text: `${sentence(n)} Seen on visit ${n}.` }));
  const asked = questionsOf(questions);
  const searches = await leastOf(questions, (n) => home.own("memory.search", { q: asked[n] }));
  await home.reopen();
  const openings = await times(5, () => home.reopen());
  const statuses = await times(5, () => home.own("home.status", {}));
  const looks = await looking(home);
  const touchedMs = await touched(home);
  const { search, size } = await plain(home.root, asked);
  const [p95, fts5P95Ms] = [quantile(searches, 0.95), quantile(search, 0.95)];
  return {
    ...{
      bytesPerMemory: sizeOf(home.root) / memories,
      fileBytes: sizeOf(path.join(home.root, "memory/episodic")) / memories,
    },
    ...{ indexBytes: size / memories, logBytes: sizeOf(path.join(home.root, "logs")) / memories },
    ...{
      importMs: importMs / memories,
      captureMs: median(captures),
      reopenMs: median(openings),
      statusMs: median(statuses),
      touchedMs: touchedMs / memories,
    },
    ...looks,
    ...{ searchMs: median(searches), searchP95Ms: p95, fts5P95Ms, toFts5P95: p95 / fts5P95Ms },
  };
}

/** What it takes to look at the latest memories and records, and at why something was done. */
async function looking(home: BenchHome): Promise<Figures> {
  const list = await times(20, () => home.own("memory.list", { latest: true, limit: 20 }));
  const tail = await times(20, () => home.own("audit.tail", { limit: 5 }));
  const { records } = (await home.own("audit.tail", { limit: 20 })) as { records: { id: string; phase: string }[] };
  const which = records.find(({ phase }) => phase === "outcome")?.id;
  const why = await times(20, () => home.own("command.explain", { which }));
  return { listMs: median(list), tailMs: median(tail), whyMs: median(why) };
}

/** An opening after a copy of the home: every memory file is another one, and says the same. */
async function touched(home: BenchHome): Promise<number> {
  for (const file of filesBelow(path.join(home.root, "memory/episodic"))) {
    fs.copyFileSync(file, `${file}.copy`);
    fs.renameSync(`${file}.copy`, file);
  }
  return processorMsOf(() => home.reopen());
}

/** Fills a home, unless it is one that was filled before; gives the processor time that it took. */
async function filled(home: BenchHome, memories: number): Promise<number> {
  const noted = path.join(path.dirname(home.root), filledName);
  if (fs.existsSync(noted)) return (JSON.parse(fs.readFileSync(noted, "utf8")) as { importMs: number }).importMs;
  const importMs = await processorMsOf(() => fill(home, memories));
  fs.writeFileSync(noted, JSON.stringify({ importMs }));
  return importMs;
}

/** Searches of FTS5 alone on the same index: the words without stop words, any of them. */
async function plain(root: string, asked: readonly string[]): Promise<{ search: number[]; size: number }> {
  const file = path.join(root, "memory/index/index.db");
  const db = openProjection(file, { readonly: true });
  const find = db.prepare(
    `SELECT m.record FROM memory_text t JOIN memories m ON m.rowid = t.rowid
     WHERE memory_text MATCH ? ORDER BY t.rank LIMIT 10`,
  );
  const queries = asked.map((text) =>
    tellingWords(text)
      .map((word) => `"${word}"`)
      .join(" OR "),
  );
  const search = await leastOf(questions, async (n) => find.all(queries[n]));
  db.close();
  return { search, size: fs.statSync(file).size };
}

async function fill(home: BenchHome, memories: number): Promise<void> {
  for (let from = 0; from < memories; from += atOnce) {
    const items = Array.from({ length: Math.min(atOnce, memories - from) }, (_, i) => ({
      externalId: `n${from + i}`,
      at: new Date(Date.UTC(2016, 0, 1) + (from + i) * 300_000).toISOString(),
      session: `s${Math.floor((from + i) / 20)}`,
      content: sentence(from + i),
    }));
    await home.own("memory.import", { source: "years", from: "years.ndjson", items });
  }
}

async function times(count: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n += 1) all.push(await processorMsOf(() => work(n)));
  return all;
}

/** Of three times each the least: what is loaded at first use, and what a busy machine's caches lose, is no part of a search. */
async function leastOf(count: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const rounds = [await times(count, work), await times(count, work), await times(count, work)];
  return Array.from({ length: count }, (_, n) => Math.min(...rounds.map((round) => round[n] as number)));
}

const sizeOf = (folder: string): number => filesBelow(folder).reduce((sum, file) => sum + fs.statSync(file).size, 0);

function rounded(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, n]) => [name, round(n)]));
}

function round(number: number): number {
  return Number(number.toPrecision(3));
}
