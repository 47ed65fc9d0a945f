import Sqlite from "better-sqlite3";
import { local, type ModelHome, modelHome } from "./model-home.ts";

// The scripted embedder counts letters, so that words with the same letters mean the same to it: a paraphrase that no index
// of words can find.
export const paraphrase = { told: "Listen to the silent angel", asked: "enlist tinsel glean" };
export const others = Array.from(
  { length: 40 },
  (_, n) => `Bought ${"xyzwvk".repeat(1 + (n % 5))} number ${n} at the quay`,
);

/** A home whose memories get vectors. */
export async function embedding(memory: object = {}, models: object = {}): Promise<ModelHome> {
  const made = await modelHome();
  await configure(made, memory, models);
  return made;
}

export function configure({ home, scripted }: ModelHome, memory: object = {}, models: object = {}): Promise<unknown> {
  const use = [local(scripted.url), { ...local(scripted.url), name: "second", model: "other:7b" }];
  const text = { owner: "Ada", models: { use, ...models }, memory: { embedder: "local", ...memory } };
  return home.own("config.write", { text: JSON.stringify(text) });
}

export async function told({ home }: ModelHome, texts: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const text of texts) ids.push((await home.own("memory.capture", { text })).id);
  return ids;
}

/** What a search by meaning finds, and what it says. */
export async function found({ home }: ModelHome, q = paraphrase.asked, k = 3): Promise<[string[], string | undefined]> {
  const { hits, note } = await home.own("memory.search", { q, k });
  return [hits.map(({ id }) => id), note];
}

/** Rows of the vectors' file. */
export function rowsOf({ home }: ModelHome, sql: string, ...params: unknown[]): unknown[] {
  const db = new Sqlite(home.file("memory/index/vectors.db"));
  try {
    return db.prepare(sql).all(...params);
  } finally {
    db.close();
  }
}
