// What others offer for the same task, and the vectors of mh beside those that search vectors: each as its documents show it.
import * as path from "node:path";
import { meanOf } from "@mh/core/memory/vectors/int8.ts";
import { LoadedSpace } from "@mh/core/memory/vectors/loaded-space.ts";
import { VectorStore } from "@mh/core/memory/vectors/vector-store.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import Sqlite from "better-sqlite3";
import type { Engine } from "./engine.ts";

/** Those that search words, and those that search vectors. */
export const engines = {
  minisearch,
  orama,
  vectra,
  "sqlite-vec": sqliteVec,
  "mh-vectors": mhVectors,
} satisfies Record<string, (folder: string) => Promise<Engine>>;

export type EngineName = keyof typeof engines;

const most = 10;
const isMade = async (): Promise<void> => undefined;

async function minisearch(): Promise<Engine> {
  const { default: MiniSearch } = await import("minisearch");
  const index = new MiniSearch({ fields: ["text"] });
  return {
    add: async (items) => index.addAll(items.map(({ id, text }) => ({ id, text }))),
    ready: isMade,
    search: async ({ text }) => index.search(text).slice(0, most).length,
  };
}

async function orama(): Promise<Engine> {
  const { create, insertMultiple, search } = await import("@orama/orama");
  const index = create({ schema: { text: "string" } as const });
  return {
    add: async (items) =>
      void (await insertMultiple(
        index,
        items.map(({ id, text }) => ({ id, text })),
        items.length,
      )),
    ready: isMade,
    // 1: any of the words, as with the others.
    search: async ({ text }) => (await search(index, { term: text, limit: most, threshold: 1 })).hits.length,
  };
}

async function vectra(folder: string): Promise<Engine> {
  const { LocalIndex } = await import("vectra");
  const index = new LocalIndex(path.join(folder, "vectra"));
  await index.createIndex();
  await index.beginUpdate();
  return {
    async add(items) {
      for (const { id, vector } of items) await index.insertItem({ id, vector: [...vector] });
    },
    ready: () => index.endUpdate(),
    search: async ({ text, vector }) => (await index.queryItems([...vector], text, most)).length,
  };
}

async function sqliteVec(folder: string): Promise<Engine> {
  const { load } = await import("sqlite-vec");
  const db = new Sqlite(path.join(folder, "vec.db"));
  load(db);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = OFF");
  db.exec("CREATE VIRTUAL TABLE items USING vec0 (vector float[384] distance_metric=cosine)");
  const insert = db.prepare("INSERT INTO items (vector) VALUES (?)");
  const find = db.prepare("SELECT rowid FROM items WHERE vector MATCH ? ORDER BY distance LIMIT 10");
  return {
    add: async (items) =>
      db.transaction(() => {
        for (const { vector } of items) insert.run(bytesOf(vector));
      })(),
    ready: isMade,
    search: async ({ vector }) => find.all(bytesOf(vector)).length,
  };
}

async function mhVectors(folder: string): Promise<Engine> {
  const store = new VectorStore(openProjection(path.join(folder, "vectors.db")), nodeCrypto);
  let loaded: LoadedSpace | undefined;
  let space: ReturnType<VectorStore["addSpace"]> | undefined;
  return {
    async add(items) {
      const vectors = items.map(({ vector }) => vector);
      space ??= store.addSpace("bench", "bench", meanOf(vectors) as Float32Array, vectors[0] as Float32Array);
      const into = space;
      store.write(() => {
        for (const { id, vector } of items) store.put(into, { memory: id, textKey: id }, vector);
      });
    },
    async ready() {
      if (space) loaded = await LoadedSpace.read(store, space, isMade);
    },
    search: async ({ vector }) => loaded?.meaningOf(vector).nearest(most).length ?? 0,
  };
}

const bytesOf = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
