// What a search costs in a store of 100,000 memories, beside a plain FTS5 query of the same words without stop words on the
// same store: processor time, so that a busy machine changes little. The memories are turns of the conversations told again and
// again, three words in ten taken from elsewhere.
import { indexTexts } from "../packages/core/src/memory/index-texts.ts";
import { putMemory } from "../packages/core/src/memory/project.ts";
import { memorySchema } from "../packages/core/src/memory/schema.ts";
import { search } from "../packages/core/src/memory/search/search.ts";
import type { Database } from "../packages/core/src/ports/database.ts";
import { nodeCrypto } from "../packages/host/src/adapters/node-crypto.ts";
import { openProjection } from "../packages/host/src/adapters/sqlite.ts";
import { randomFrom } from "../packages/testing/src/random.ts";
import { type Conversation, conversationsFile, readConversations, recordsOf } from "./support/conversations.ts";
import { quantile } from "./support/median.ts";
import { processorMsSince } from "./support/processor-time.ts";
import { conversationStore } from "./support/stores.ts";
import { tellingWords } from "./support/telling-words.ts";

const size = Number(process.env.MH_BENCH_MEMORIES ?? 100_000);
const changedShare = 0.3;
const questionsMost = 200;
const rounds = 4;

const conversations = readConversations();
if (conversations) measure(conversations);
else {
  console.log(JSON.stringify({ bench: "search", skipped: `${conversationsFile} is not there` }));
  process.exitCode = process.env.CI === "true" ? 1 : 0;
}

function measure(conversations: Conversation[]): void {
  const db = filled(conversations);
  const { asked } = conversationStore("asked", conversations);
  const every = Math.ceil(asked.length / questionsMost);
  const questions = asked.filter((_, i) => i % every === 0);
  const plain = db.prepare("SELECT rowid FROM memory_text WHERE memory_text MATCH ? ORDER BY rank LIMIT 20");
  const fts5 = (text: string) => {
    plain.all(
      tellingWords(text)
        .map((word) => `"${word}"`)
        .join(" OR "),
    );
  };
  const [ours, theirs] = [questions.map(() => Infinity), questions.map(() => Infinity)];
  // Both in turns, and of each search the least of some times: what a busy machine's caches lose is no part of it.
  for (let round = 0; round < rounds; round++)
    for (const [i, { text, query }] of questions.entries()) {
      ours[i] = Math.min(
        ours[i] as number,
        spent(() => search(db, query)),
      );
      theirs[i] = Math.min(
        theirs[i] as number,
        spent(() => fts5(text)),
      );
    }
  const figures = {
    p50Ms: quantile(ours, 0.5),
    p95Ms: quantile(ours, 0.95),
    fts5P50Ms: quantile(theirs, 0.5),
    fts5P95Ms: quantile(theirs, 0.95),
  };
  console.log(
    JSON.stringify({ bench: "search", memories: size, ...figures, p95Ratio: figures.p95Ms / figures.fts5P95Ms }),
  );
}

function filled(conversations: Conversation[]): Database {
  const db = openProjection(":memory:");
  db.exec(memorySchema);
  const told = conversations.flatMap(recordsOf);
  const words = told.flatMap(({ content }) => content.split(" "));
  const random = randomFrom(15);
  db.exec("BEGIN");
  for (let i = 0; i < size; i++) {
    const record = told[i % told.length] as (typeof told)[number];
    const copy = Math.floor(i / told.length);
    const said = record.content.split(" ");
    const content = said.map((word) => (random() < changedShare ? words[Math.floor(random() * words.length)] : word));
    const id = `${copy}/${record.id}`;
    const session = `${copy}/${record.session}`;
    putMemory(db, nodeCrypto, { ...record, id, externalId: id, session, content: content.join(" ") }, "bench.ndjson");
  }
  indexTexts(db);
  db.exec("COMMIT");
  return db;
}

function spent(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return processorMsSince(before);
}
