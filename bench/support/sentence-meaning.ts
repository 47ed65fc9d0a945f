import { questionBank } from "../../packages/core/src/memory/vectors/bank.ts";
import { questionFor, textFor } from "../../packages/core/src/memory/vectors/embedder.ts";
import { meanOf } from "../../packages/core/src/memory/vectors/int8.ts";
import { LoadedSpace } from "../../packages/core/src/memory/vectors/loaded-space.ts";
import { VectorStore } from "../../packages/core/src/memory/vectors/vector-store.ts";
import type { Database } from "../../packages/core/src/ports/database.ts";
import { nodeCrypto } from "../../packages/host/src/adapters/node-crypto.ts";
import { openProjection } from "../../packages/host/src/adapters/sqlite.ts";
import { installedEmbedder } from "../../packages/host/src/models/installed-embedder.ts";
import { recallAt10 } from "../../packages/testing/src/vectors.ts";

/** Conversations stand in a store each and in one together; what is embedded stays so. */
const embedded = new Map<string, Float32Array>();

async function embed(texts: readonly string[]): Promise<Float32Array[]> {
  const unknown = [...new Set(texts)].filter((text) => !embedded.has(text));
  if (unknown.length > 0) {
    await using model = installedEmbedder();
    const { vectors } = await model.embed("use", unknown, new AbortController().signal);
    for (const [i, text] of unknown.entries()) embedded.set(text, Float32Array.from(vectors[i] as number[]));
  }
  return texts.map((text) => embedded.get(text) as Float32Array);
}

/** What the sentence model that installs from npm says of the store and of the questions. */
export async function sentenceMeaning(db: Database, questions: readonly string[]) {
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
  const texts = [...new Set(questions)];
  const asked = await embed(texts.map((text) => questionFor(embedder, text)));
  const vectorOf = new Map(texts.map((text, i) => [text, asked[i] as Float32Array]));
  const all = rows.map(({ memory }, i) => ({ memory, vector: vectors[i] as Float32Array }));
  const nearest = (question: Float32Array, most: number) => loaded.meaningOf(question).nearest(most);
  const meaningOf = (text: string) => loaded.meaningOf(vectorOf.get(text) as Float32Array);
  return { meaningOf, bitsRecall: recallAt10(all, asked.slice(0, 100), centre, nearest) };
}

type Stored = { memory: string; textKey: string; content: string; speaker: string | null };
