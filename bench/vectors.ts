// Search by meaning: what vectors add to a search by words on the same store, at 10,000 and 100,000 memories, and what the
// nearest alone cost beside FTS5 there; what they hold in memory and on disk; and how many of the nearest by all floats are
// found. The model's own time is no part of it. `node --conditions=mh-source bench/vectors.ts --to 1000000` goes on.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { indexTexts } from "@mh/core/memory/index-texts.ts";
import { putMemory } from "@mh/core/memory/project.ts";
import { memorySchema } from "@mh/core/memory/schema.ts";
import { search } from "@mh/core/memory/search/search.ts";
import { LoadedSpace } from "@mh/core/memory/vectors/loaded-space.ts";
import { VectorStore } from "@mh/core/memory/vectors/vector-store.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { randomFrom } from "@mh/testing";
import { recallAt10, vectorClouds } from "@mh/testing/vectors.ts";
import { median, quantile } from "./support/median.ts";
import { processorMsSince } from "./support/processor-time.ts";

const { values } = parseArgs({ options: { to: { type: "string", default: "100000" } } });
const sizes = [10_000, 100_000, 200_000, 1_000_000].filter((size) => size <= Number(values.to));
const dimension = 384;
const questions = 100;
const random = randomFrom(20_261_129);
const noise = () => Float32Array.from({ length: dimension }, () => random() + random() + random() - 1.5);
const { bias, vectorNear } = vectorClouds(200, 1, noise);

const idOf = (n: number): string => `0199c1a2-0000-7000-8000-${String(n).padStart(12, "0")}`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
try {
  for (const memories of sizes) await measure(memories);
} finally {
  fs.rmSync(folder, { recursive: true });
}

async function measure(memories: number): Promise<void> {
  const db = openProjection(path.join(folder, `${memories}.db`));
  const file = path.join(folder, `${memories}-vectors.db`);
  const vectors = openProjection(file);
  const store = new VectorStore(vectors, nodeCrypto);
  const space = store.addSpace("bench", "bench", bias, noise());
  const floats: { memory: string; vector: Float32Array }[] = [];
  db.exec(memorySchema);
  db.exec("BEGIN");
  const keyOf = db.prepare("SELECT text_key AS k FROM memories WHERE id = ?");
  store.write(() => {
    for (let n = 0; n < memories; n += 1) {
      const record = recordOf(n);
      putMemory(db, nodeCrypto, record, "memory/episodic/bench.ndjson");
      const vector = vectorNear(n);
      if (memories <= 10_000) floats.push({ memory: record.id, vector });
      const { k } = keyOf.get(record.id) as { k: string };
      store.put(space, { memory: record.id, textKey: k }, vector);
    }
  });
  indexTexts(db);
  db.exec("COMMIT");
  const before = process.cpuUsage();
  const read = await LoadedSpace.read(store, space, async () => undefined);
  const loadMs = processorMsSince(before);
  const asked = Array.from({ length: questions }, (_, n) => ({ text: wordsOf(n * 7), vector: vectorNear(n) }));
  const find = (text: string, vector?: Float32Array) =>
    search(db, { text, k: 10, timeZone: "UTC", extractDates: () => [], meaning: vector && read.meaningOf(vector) });
  const anyWord = db.prepare("SELECT rowid FROM memory_text WHERE memory_text MATCH ? ORDER BY rank LIMIT 10");
  const fts5 = (text: string) => anyWord.all(text.replaceAll(" ", " OR "));
  for (const { text, vector } of asked.slice(0, 20)) [find(text, vector), fts5(text)];
  const times = { words: [] as number[], both: [] as number[], nearest: [] as number[], fts5: [] as number[] };
  for (const { text, vector } of asked) {
    times.words.push(spent(() => find(text)));
    times.both.push(spent(() => find(text, vector)));
    times.nearest.push(spent(() => read.meaningOf(vector).nearest(100)));
    times.fts5.push(spent(() => fts5(text)));
  }
  const recalled = asked.slice(0, 50).map(({ vector }) => vector);
  const nearest = (question: Float32Array, most: number) => read.meaningOf(question).nearest(most);
  const ratio = (q: number) => round(quantile(times.both, q) / quantile(times.words, q));
  store.tidy();
  console.log(
    JSON.stringify({
      ...{ bench: "vectors", memories, dimension, ratioP50: ratio(0.5), ratioP95: ratio(0.95) },
      ...{ wordsMs: round(median(times.words)), withVectorsMs: round(median(times.both)) },
      ...{ nearestMs: round(median(times.nearest)), nearestP95Ms: round(quantile(times.nearest, 0.95)) },
      ...{ fts5Ms: round(median(times.fts5)), fts5P95Ms: round(quantile(times.fts5, 0.95)) },
      ...{ loadMs: round(loadMs), inMemoryMB: round(read.bytes / 1e6), onDiskMB: round(fs.statSync(file).size / 1e6) },
      ...(floats.length > 0 && { recallAt10: round(recallAt10(floats, recalled, bias, nearest)) }),
    }),
  );
  vectors.close();
  db.close();
}

/** A word is the rarer the higher its number, as in a language. */
function wordsOf(n: number): string {
  const pick = randomFrom(n + 1);
  return Array.from({ length: 12 }, () => `word${Math.floor(20_000 * pick() ** 3)}`).join(" ");
}

function recordOf(n: number): MemoryRecord {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
  return {
    ...{ v: 1, id: idOf(n), rev: 1, op: "put", cmd: "bench", kind: "episodic", at, recordedAt: at, eventAt: [] },
    ...{ content: wordsOf(n), tags: [], entities: [], session: `s${Math.floor(n / 20)}`, source: "bench" },
    ...{ origins: [], links: [], count: 1 },
  };
}

/** Milliseconds of processor time, which no other program's work adds to. */
function spent(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return processorMsSince(before);
}

function round(number: number): number {
  return Math.round(number * 1_000) / 1_000;
}
