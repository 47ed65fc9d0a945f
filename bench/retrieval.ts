// Finding memories again, beside FTS5 and MiniSearch in the same run: recall at 1, 5, 10 and 20 and MRR, whole and by
// category, for conversations between two people and for what owners wrote, got and were told (bench/questions).
// "left out" ranks each conversation by weights that were fitted to the others; all else is search as it ships, whose
// weights were fitted to these conversations and to the owners of the split `fit`. Nothing was fitted to those `held`.
import MiniSearch from "minisearch";
import { search } from "../packages/core/src/memory/search/search.ts";
import type { Database } from "../packages/core/src/ports/database.ts";
import { leftOut, type Means } from "./fit/columns.ts";
import { embedded, type Judged, judgedOf, ranked } from "./fit/judged.ts";
import { conversationsFile, readConversations } from "./support/conversations.ts";
import { type Answered, figuresOf } from "./support/figures.ts";
import { sentenceMeaning } from "./support/sentence-meaning.ts";
import { type Asked, conversationStore, ownerStores, type Store } from "./support/stores.ts";
import { tellingWords } from "./support/telling-words.ts";

/** Kinds that the owners and conversations have, but for what assistants wrote. */
const lookedAt = JSON.stringify(["episodic", "semantic"]);
const conversations = readConversations();
if (conversations) {
  const each = conversations.map((conversation) => conversationStore(conversation.id, [conversation]));
  reportLeftOut(
    "mh, left out",
    "words",
    each.flatMap((store) => judgedOf(store)),
  );
  compare("conversations, a store each", each);
  const pooled = conversationStore("all", conversations);
  const { recall } = compare("conversations in one store", [pooled]);
  const both = await withSentenceModel("conversations in one store", [pooled]);
  console.log(JSON.stringify({ bench: "retrieval", embedderRecallRatio: both / recall }));
  reportLeftOut("mh with the sentence model, left out", "meaning", await embedded(each));
} else {
  console.log(JSON.stringify({ bench: "retrieval", skipped: `${conversationsFile} is not there` }));
  process.exitCode = process.env.CI === "true" ? 1 : 0;
}
for (const split of ["fit", "held", "aside"] as const) {
  const stores = ownerStores(split);
  compare(`owners, ${split}`, stores);
  await withSentenceModel(`owners, ${split}`, stores);
}

type Find = (asked: Asked) => string[];
type Rated = Answered & { category: string };

/** Our search and the others on the same stores and questions. */
function compare(set: string, stores: readonly Store[]): { recall: number } {
  const ways: Record<string, (db: Database) => Find> = { "fts5-or": fts5, minisearch: miniSearch, mh };
  let recall = 0;
  for (const [way, makeFind] of Object.entries(ways)) {
    const rated = stores.flatMap(({ db, asked }) => answersBy(makeFind(db), asked));
    recall = report(set, way, rated);
  }
  return { recall };
}

function answersBy(find: Find, all: readonly Asked[]): Rated[] {
  return all.map((asked) => ({ answers: asked.answers, hits: find(asked), category: asked.category }));
}

function report(set: string, way: string, rated: readonly Rated[]): number {
  const groups = Object.entries(Object.groupBy(rated, ({ category }) => category));
  const byCategory = Object.fromEntries(groups.map(([name, group = []]) => [name, figuresOf(group)]));
  const figures = figuresOf(rated);
  console.log(JSON.stringify({ bench: "retrieval", set, way, ...figures, byCategory }));
  return figures.r10;
}

function mh(db: Database): Find {
  return ({ query }) => search(db, query).map(({ record }) => record.externalId ?? "");
}

function fts5(db: Database): Find {
  const found = db.prepare(
    `SELECT m.external_id AS id FROM memory_text t JOIN memories m ON m.rowid = t.rowid
     WHERE memory_text MATCH ? AND m.kind IN (SELECT value FROM json_each(?)) ORDER BY rank LIMIT 20`,
  );
  return ({ text }) => {
    const words = tellingWords(text).map((word) => `"${word}"`);
    const rows = words.length === 0 ? [] : found.all(words.join(" OR "), lookedAt);
    return (rows as { id: string }[]).map(({ id }) => id);
  };
}

function miniSearch(db: Database): Find {
  const rows = db
    .prepare("SELECT external_id AS id, content FROM memories WHERE kind IN (SELECT value FROM json_each(?))")
    .all(lookedAt) as { id: string; content: string }[];
  const index = new MiniSearch({ fields: ["content"] });
  index.addAll(rows);
  return ({ text }) =>
    index
      .search(tellingWords(text).join(" "))
      .slice(0, 20)
      .map(({ id }) => id as string);
}

/** What the sentence model that installs from npm adds, and whether what is kept of a vector finds what all of it finds. */
async function withSentenceModel(set: string, stores: readonly Store[]): Promise<number> {
  const [alone, both]: [Rated[], Rated[]] = [[], []];
  for (const { db, asked } of stores) {
    const { meaningOf, bitsRecall } = await sentenceMeaning(
      db,
      asked.map(({ text }) => text),
    );
    const found = ({ text, query }: Asked) => search(db, { ...query, meaning: meaningOf(text) });
    alone.push(...answersBy(({ text }) => nearestBy(meaningOf(text)), asked));
    both.push(...answersBy((asked) => found(asked).map(({ record }) => record.externalId ?? ""), asked));
    console.log(JSON.stringify({ bench: "retrieval", set, bitsRecallAt10: bitsRecall }));
    if (bitsRecall < 0.98) process.exitCode = 1;
  }
  report(set, "sentence model alone", alone);
  return report(set, "mh with the sentence model", both);
}

function reportLeftOut(way: string, means: Means, talks: readonly Judged[]): void {
  const weightsOf = leftOut("people", means, talks, []);
  const left = talks.map((judged) => ({ ...ranked(judged, weightsOf(judged)), category: judged.category }));
  report("conversations, a store each", way, left);
}

function nearestBy(meaning: { nearest(most: number): { memory: string }[] }): string[] {
  return meaning.nearest(20).map(({ memory }) => memory);
}
