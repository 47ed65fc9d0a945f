// Memories to search in, without a home around them.
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { indexTexts } from "@mh/core/memory/index-texts.ts";
import { putMemory } from "@mh/core/memory/project.ts";
import { memorySchema } from "@mh/core/memory/schema.ts";
import { type SearchQuery, search } from "@mh/core/memory/search/search.ts";
import type { Signals } from "@mh/core/memory/search/signals.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";

export type Told = Partial<MemoryRecord> & { content: string };

/** A store of memories as a test tells them, a minute apart; their ids are m0, m1, … */
export function storeOf(told: readonly Told[]): Database {
  const db = openProjection(":memory:");
  db.exec(memorySchema);
  for (const [i, memory] of told.entries()) putMemory(db, nodeCrypto, recordOf(memory, i), "2024/05/08.ndjson");
  indexTexts(db);
  return db;
}

function recordOf(told: Told, i: number): MemoryRecord {
  const at = new Date(Date.UTC(2024, 4, 8) + i * 60_000).toISOString();
  const bare = {
    rev: 1,
    at,
    recordedAt: at,
    eventAt: [],
    tags: [],
    entities: [],
    source: "test",
    origins: [],
    links: [],
  };
  return { v: 1, id: `m${i}`, op: "put", cmd: "c", kind: "episodic", count: 1, ...bare, ...told };
}

/** What a question finds, best first. */
export function ids(db: Database, text: string, query: Partial<SearchQuery> = {}): string[] {
  return search(db, { text, k: 10, timeZone: "UTC", extractDates: () => [], ...query }).map(({ id }) => id);
}

/** What each memory that a question finds is judged by, by id. */
export function signalsOf(db: Database, text: string, query: Partial<SearchQuery> = {}): Record<string, Signals> {
  const hits = search(db, { text, k: 50, timeZone: "UTC", extractDates: () => [], ...query });
  return Object.fromEntries(hits.map(({ id, signals }) => [id, signals as Signals]));
}
