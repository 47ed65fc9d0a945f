// Finding memories again: recall@10, MRR and p95 on three LoCoMo conversations in one store, beside plain FTS5.
// The fixture may be measured with but not copied, so it lies beside the project, not in it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MemoryRecord } from "../packages/contract/src/values/memory.ts";
import { loadExtractor } from "../packages/core/src/memory/extract/extract.ts";
import { putMemory } from "../packages/core/src/memory/project.ts";
import { memorySchema } from "../packages/core/src/memory/schema.ts";
import { search } from "../packages/core/src/memory/search/search.ts";
import { stopWords } from "../packages/core/src/memory/search/stop-words.ts";
import { nodeCrypto } from "../packages/host/src/adapters/node-crypto.ts";
import { openProjection } from "../packages/host/src/adapters/sqlite.ts";

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
}

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
