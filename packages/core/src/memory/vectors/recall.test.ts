import * as fs from "node:fs";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { randomFrom } from "@mh/testing";
import { recallAt10, vectorFileInMemory } from "@mh/testing/vectors.ts";
import { expect, inject, test } from "vitest";
import { meanOf } from "./int8.ts";
import { Vectors } from "./vectors.ts";

/** Real vectors: those of the commonest English words that come with mh, learnt from text (GloVe). */
function realVectors(): Float32Array[] {
  const file = fs.readFileSync(new URL("../../../../../brain/words/english.bin", import.meta.url));
  const { words, dimensions } = JSON.parse(file.subarray(0, file.indexOf("\n")).toString()) as {
    words: number;
    dimensions: number;
  };
  const parts = new Int8Array(file.buffer, file.byteOffset + file.length - words * dimensions, words * dimensions);
  return Array.from({ length: words }, (_, n) =>
    Float32Array.from(parts.subarray(n * dimensions, (n + 1) * dimensions)),
  );
}

/** Each question is compared with every vector. */
const timeoutMs = 10 * 60_000;

test(
  "of the ten nearest to a question by all floats, search by sign bits and int8 finds 98 in 100, on 50,000 real vectors",
  async () => {
    const all = realVectors().map((vector, n) => ({ memory: `m${n}`, textKey: "k", vector }));
    const vectors = new Vectors({ file: vectorFileInMemory(), crypto: nodeCrypto, pause: async () => undefined });
    // A question is what two words have between them: no vector is its own answer.
    const random = randomFrom(inject("seed"));
    const drawn = () => (all[Math.floor(random() * all.length)] as (typeof all)[number]).vector;
    const questions = Array.from({ length: 200 }, () => meanOf([drawn(), drawn()]) as Float32Array);
    const centre = meanOf(all.map(({ vector }) => vector)) as Float32Array;
    const space = vectors.with((store) => store.write(() => store.addSpace("words", "words", centre, drawn())));
    vectors.take(space, { put: all, refuse: [], gone: [] }, { feed: "f", seq: 1 });
    const loaded = await vectors.loaded(space);
    const nearest = (question: Float32Array, most: number) => loaded.meaningOf(question).nearest(most);
    expect(recallAt10(all, questions, centre, nearest)).toBeGreaterThanOrEqual(0.98);
  },
  timeoutMs,
);
