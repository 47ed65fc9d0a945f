// Finding memories again: recall@10, MRR and p95 on three LoCoMo conversations in one store, beside plain FTS5; then with
// the sentence model that installs from npm.
// The fixture may be measured with but not copied, so it lies beside the project, not in it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MemoryRecord } from "../packages/contract/src/values/memory.ts";
import { loadExtractor } from "../packages/core/src/memory/extract/extract.ts";
import { putMemory } from "../packages/core/src/memory/project.ts";
import { memorySchema } from "../packages/core/src/memory/schema.ts";
import { search } from "../packages/core/src/memory/search/search.ts";
import { stopWords } from "../packages/core/src/memory/search/stop-words.ts";
import { questionBank } from "../packages/core/src/memory/vectors/bank.ts";
import { questionFor, textFor } from "../packages/core/src/memory/vectors/embedder.ts";
import { meanOf, minus, unit } from "../packages/core/src/memory/vectors/int8.ts";
import { LoadedSpace } from "../packages/core/src/memory/vectors/loaded-space.ts";
import { VectorStore } from "../packages/core/src/memory/vectors/vector-store.ts";
import type { Database } from "../packages/core/src/ports/database.ts";
import { nodeCrypto } from "../packages/host/src/adapters/node-crypto.ts";
import { openProjection } from "../packages/host/src/adapters/sqlite.ts";
import { installedEmbedder } from "../packages/host/src/models/installed-embedder.ts";

type Turn = { id: string; speaker: string; text: string };
type Conversation = {
  id: string;
  sessions: { session: number; date_time: string; turns: Turn[] }[];
  questions: { question: string; evidence: string[]; category: number }[];
};

const fixture = join(import.meta.dirname, "../../shared/fixtures/locomo-dev.json");
if (existsSync(fixture))
  await measure((JSON.parse(readFileSync(fixture, "utf8")) as { conversations: Conversation[] }).conversations);
else {
  console.log(JSON.stringify({ bench: "retrieval", skipped: `${fixture} is not there` }));
  process.exitCode = process.env.CI === "true" ? 1 : 0;
}

async function measure(conversations: Conversation[]): Promise<void> {
  const extract = await loadExtractor();
  const db = openProjection(":memory:");
  db.exec(memorySchema);
  for (const record of conversations.flatMap(records)) {
    const found = extract(record.content, { at: new Date(record.at), timeZone: "UTC", known: [] });
    putMemory(db, nodeCrypto, { ...record, ...found }, "memory/episodic/bench.ndjson");
  }
  const questions = conversations.flatMap(({ id, questions }) => questions.flatMap((asked) => answerable(id, asked)));
  const plain = db.prepare(
    `SELECT m.external_id AS id FROM memory_text t JOIN memories m ON m.rowid = t.rowid
     WHERE memory_text MATCH ? ORDER BY rank LIMIT 10`,
  );
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const fts5 = (chosen: string[]) => plain.all(chosen.map((word) => `"${word}"`).join(" OR ")) as { id: string }[];
  const rare = (text: string) => words(text).filter((word) => !stopWords.has(word));
  const extractDates = (text: string, at: Date) => extract(text, { at, timeZone: "UTC", known: [] }).eventAt;
  const ours = (text: string) => search(db, { text, k: 10, timeZone: "UTC", extractDates });

  const baseline = rate("fts5-or", questions, (text) => fts5(words(text)).map(({ id }) => id));
  rate("fts5-or-without-stop-words", questions, (text) => fts5(rare(text)).map(({ id }) => id));
  const mh = rate("mh", questions, (text) => ours(text).map(({ record }) => record.externalId ?? ""));
  console.log(
    JSON.stringify({
      bench: "retrieval",
      recallRatio: round(mh.recall / baseline.recall),
      p95Ratio: round(mh.p95Ms / baseline.p95Ms),
    }),
  );
  const { meaningOf, recallAt10 } = await sentenceMeaning(db, questions);
  const both = (text: string) => search(db, { text, k: 10, timeZone: "UTC", extractDates, meaning: meaningOf(text) });
  const near = (text: string) => meaningOf(text).nearest(10);
  rate("vectors alone", questions, (text) => near(text).map(({ memory }) => memory));
  const meant = rate("mh with the sentence model", questions, (text) =>
    both(text).map(({ record }) => record.externalId ?? ""),
  );
  const ratio = round(meant.recall / mh.recall);
  console.log(JSON.stringify({ bench: "retrieval", embedderRecallRatio: ratio, bitsRecallAt10: round(recallAt10) }));
  // What is kept of a vector must find what all of it finds, on vectors of a real model.
  if (recallAt10 < 0.98) process.exitCode = 1;
}

/** What the sentence model that installs from npm says of the store and of the questions. */
async function sentenceMeaning(db: Database, questions: readonly Question[]) {
  await using model = installedEmbedder();
  const embed = async (texts: readonly string[]): Promise<Float32Array[]> => {
    const { vectors } = await model.embed("use", texts, new AbortController().signal);
    return vectors.map((vector) => Float32Array.from(vector));
  };
  const embedder = { name: "use", model: "use", queryPrefix: "", textPrefix: "" };
  const bank = await embed(questionBank);
  const centre = meanOf(bank) as Float32Array;
  const store = new VectorStore(openProjection(":memory:"), nodeCrypto);
  const space = store.addSpace("use", "use", centre, bank[0] as Float32Array);
  const rows = db.prepare("SELECT id AS memory, text_key AS textKey, content, speaker FROM memories").all() as Stored[];
  const vectors = await embed(rows.map((row) => textFor(embedder, row)));
  store.write(() => {
    for (const [i, row] of rows.entries()) store.put(space, row, vectors[i] as Float32Array);
  });
  const loaded = await LoadedSpace.read(store, space, async () => undefined);
  const texts = [...new Set(questions.map(({ text }) => text))];
  const asked = await embed(texts.map((text) => questionFor(embedder, text)));
  const vectorOf = new Map(texts.map((text, i) => [text, asked[i] as Float32Array]));
  const middle = meanOf(vectors) as Float32Array;
  const exact = vectors.map((vector, i) => ({ id: rows[i]?.memory, at: unit(minus(vector, middle)) }));
  const recalls = asked.slice(0, 100).map((question) => {
    const at = unit(minus(question, centre));
    const likeness = (other: Float32Array) => other.reduce((sum, part, i) => sum + part * (at[i] as number), 0);
    const best = exact
      .map((each) => ({ id: each.id, likeness: likeness(each.at) }))
      .sort((a, b) => b.likeness - a.likeness);
    const found = new Set(
      loaded
        .meaningOf(question)
        .nearest(10)
        .map(({ memory }) => memory),
    );
    return best.slice(0, 10).filter(({ id }) => found.has(id ?? "")).length / 10;
  });
  const meaningOf = (text: string) => loaded.meaningOf(vectorOf.get(text) as Float32Array);
  return { meaningOf, recallAt10: mean(recalls) };
}

type Stored = { memory: string; textKey: string; content: string; speaker: string | null };

type Question = { text: string; evidence: string[]; category: number };

function rate(way: string, questions: Question[], find: (text: string) => string[]) {
  for (const { text } of questions.slice(0, 50)) find(text);
  const results = questions.map(({ text, evidence, category }) => {
    const started = performance.now();
    const hits = find(text);
    const ms = performance.now() - started;
    const first = hits.findIndex((id) => evidence.includes(id));
    const recall = evidence.filter((id) => hits.includes(id)).length / evidence.length;
    return { recall, reciprocal: first === -1 ? 0 : 1 / (first + 1), ms, category };
  });
  const times = results.map(({ ms }) => ms).sort((a, b) => a - b);
  const recall = mean(results.map((result) => result.recall));
  const p95Ms = times[Math.floor(times.length * 0.95)] ?? 0;
  const mrr = mean(results.map(({ reciprocal }) => reciprocal));
  const categories = Object.groupBy(results, ({ category }) => category);
  const byCategory = Object.fromEntries(
    Object.entries(categories).map(([name, group = []]) => [name, round(mean(group.map((result) => result.recall)))]),
  );
  const figures = {
    questions: results.length,
    recallAt10: round(recall),
    byCategory,
    mrr: round(mrr),
    p95Ms: round(p95Ms),
  };
  console.log(JSON.stringify({ bench: "retrieval", way, ...figures }));
  return { recall, p95Ms };
}

function records({ id, sessions }: Conversation): MemoryRecord[] {
  return sessions.flatMap(({ session, date_time, turns }) =>
    turns.map((turn, order): MemoryRecord => {
      const at = new Date(dateOf(date_time) + order * 1_000).toISOString();
      return {
        v: 1,
        id: `${id}/${turn.id}`,
        rev: 1,
        op: "put",
        cmd: "bench",
        kind: "episodic",
        at,
        recordedAt: at,
        eventAt: [],
        content: turn.text,
        tags: [],
        entities: [],
        session: `${id}/${session}`,
        speaker: turn.speaker,
        source: "locomo",
        externalId: `${id}/${turn.id}`,
        origins: [],
        links: [],
        count: 1,
      };
    }),
  );
}

/** "1:56 pm on 8 May, 2023" */
function dateOf(text: string): number {
  const [time = "", day = ""] = text.split(" on ");
  return Date.parse(`${day.replace(",", "")} ${time} UTC`);
}

function answerable(
  conversation: string,
  { question, evidence, category }: Conversation["questions"][number],
): Question[] {
  const turns = evidence.flatMap((text) => text.match(/D\d+:\d+/g) ?? []).map((turn) => `${conversation}/${turn}`);
  return category > 4 || turns.length === 0 ? [] : [{ text: question, evidence: [...new Set(turns)], category }];
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / (numbers.length || 1);
}

function round(number: number): number {
  return Math.round(number * 1_000) / 1_000;
}
