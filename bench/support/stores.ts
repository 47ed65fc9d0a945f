// Stores of memories and what is asked of them: conversations between two people, and what the owner wrote, got and was told.
import type { MemoryRecord } from "../../packages/contract/src/values/memory.ts";
import { loadAskedTimes } from "../../packages/core/src/memory/extract/asked-times.ts";
import { loadExtractor } from "../../packages/core/src/memory/extract/extract.ts";
import { indexTexts } from "../../packages/core/src/memory/index-texts.ts";
import { putMemory } from "../../packages/core/src/memory/project.ts";
import { memorySchema } from "../../packages/core/src/memory/schema.ts";
import type { SearchQuery } from "../../packages/core/src/memory/search/search.ts";
import type { Database } from "../../packages/core/src/ports/database.ts";
import { nodeCrypto } from "../../packages/host/src/adapters/node-crypto.ts";
import { openProjection } from "../../packages/host/src/adapters/sqlite.ts";
import { wordVectors } from "../../packages/host/src/home/word-vectors.ts";
import { instantAt, memoriesOf, owners, questionsOf, recordOf } from "../questions/load.ts";
import type { Owner } from "../questions/shapes.ts";
import { answerable, type Conversation, recordsOf } from "./conversations.ts";

/** `answers` are groups of external ids: one of each group is needed, any of a group does. */
export type Asked = { text: string; answers: string[][]; category: string; query: SearchQuery };
export type Store = { name: string; db: Database; asked: Asked[] };

const extract = await loadExtractor();
const askedTimes = await loadAskedTimes();

export function conversationStore(name: string, conversations: readonly Conversation[]): Store {
  const db = filled(conversations.flatMap(recordsOf), "UTC");
  const { at } = db.prepare("SELECT max(at_ms) AS at FROM memories").get() as { at: number };
  const asked = conversations.flatMap(({ id, questions }) => questions.flatMap((question) => answerable(id, question)));
  return {
    ...{ name, db },
    asked: asked.map(({ text, evidence, category }) => ({
      ...{ text, answers: evidence.map((turn) => [turn]), category: categories[category] ?? String(category) },
      query: queryOf(text, new Date(at), "UTC"),
    })),
  };
}

const categories: Record<number, string> = { 1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop" };

export function ownerStores(split?: Owner["split"]): Store[] {
  return owners(split).map((owner) => ({
    name: owner.id,
    db: storeOf(owner),
    asked: questionsOf(owner)
      .filter(({ answers, ofAssistant }) => answers.length > 0 && !ofAssistant)
      .map(({ ask, at, answers, kind }) => ({
        ...{ text: ask, answers, category: kind },
        query: queryOf(ask, instantAt(at, owner.timeZone), owner.timeZone),
      })),
  }));
}

export function storeOf(owner: Owner, memories = memoriesOf(owner)): Database {
  return filled(
    memories.map((memory) => recordOf(memory, owner)),
    owner.timeZone,
  );
}

function queryOf(text: string, at: Date, timeZone: string): SearchQuery {
  const extractDates = (words: string) => askedTimes(words, at, timeZone);
  return { text, k: 20, at, timeZone, vectors: wordVectors(), extractDates };
}

function filled(records: readonly MemoryRecord[], timeZone: string): Database {
  const db = openProjection(":memory:");
  db.exec(memorySchema);
  for (const record of records) {
    const found = extract(record.content, { at: new Date(record.at), timeZone, known: [] });
    const tags = [...new Set([...record.tags, ...found.tags])];
    const eventAt = [...record.eventAt, ...found.eventAt];
    putMemory(db, nodeCrypto, { ...record, ...found, tags, eventAt }, "memory/episodic/bench.ndjson");
  }
  indexTexts(db);
  return db;
}
