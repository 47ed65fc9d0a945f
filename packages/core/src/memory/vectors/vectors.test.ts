import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { randomFrom } from "@mh/testing";
import { recallAt10, vectorClouds, vectorFileInMemory } from "@mh/testing/vectors.ts";
import { expect, inject, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { cosine, int8Of, unit } from "./int8.ts";
import { SignBits } from "./sign-bits.ts";
import { Vectors } from "./vectors.ts";

const dimension = 96;
const random = randomFrom(inject("seed"));
const noise = () => Float32Array.from({ length: dimension }, () => random() - 0.5);
const { bias, vectorNear } = vectorClouds(20, 0.7, noise);

/** Vectors in memory, in a database that may be given a limit. */
const inMemory = (dbs?: Database[]): Vectors =>
  new Vectors({ file: vectorFileInMemory(dbs), crypto: nodeCrypto, pause: async () => undefined });

const spaceIn = (vectors: Vectors) =>
  vectors.with((store) => store.write(() => store.addSpace("a", "a", bias, noise())));

function take(vectors: Vectors, space: ReturnType<typeof spaceIn>, all: readonly Float32Array[], from = 0): void {
  const put = all.map((vector, n) => ({ memory: `m${n + from}`, textKey: "k", vector }));
  vectors.take(space, { put, refuse: [], gone: [] }, { feed: "f", seq: from + all.length });
}

test("the nearest by sign bits and int8 are those of all floats: at least 98 of 100, also after some went and others came", async () => {
  const vectors = inMemory();
  const space = spaceIn(vectors);
  const all = Array.from({ length: 4_000 }, (_, n) => vectorNear(n));
  take(vectors, space, all.slice(0, 2_500));
  const early = await vectors.loaded(space);
  take(vectors, space, all.slice(2_500), 2_500);
  for (let n = 0; n < 4_000; n += 7) vectors.forget(`m${n}`);
  const loaded = await vectors.loaded(space);
  expect(loaded).not.toBe(early);
  expect(loaded.count).toBe(4_000 - Math.ceil(4_000 / 7));
  const left = all.flatMap((vector, n) => (n % 7 === 0 ? [] : [{ memory: `m${n}`, vector }]));
  const questions = Array.from({ length: 100 }, (_, n) => vectorNear(n));
  const nearest = (question: Float32Array, most: number) => loaded.meaningOf(question).nearest(most);
  expect(recallAt10(left, questions, bias, nearest)).toBeGreaterThanOrEqual(0.98);
});

test("what is kept is as like a question as the floats were, however long or short the vector is", () => {
  const zero = new Float32Array(dimension);
  for (const times of [1e-6, 1, 1e6]) {
    const [vector, question] = [vectorNear(1).map((part) => part * times), unit(vectorNear(1))];
    const exact = unit(vector).reduce((sum, part, i) => sum + part * (question[i] as number), 0);
    expect(cosine(question, int8Of(vector), zero)).toBeCloseTo(exact, 3);
  }
  // One long part does not cut the others off.
  const long = Float32Array.from({ length: dimension }, (_, i) => (i === 0 ? 10 : 0.5));
  expect(cosine(unit(long), int8Of(long), zero)).toBeCloseTo(1, 3);
  expect(cosine(unit(long), int8Of(zero), zero)).toBe(0);
});

test("sign bits of any dimension find themselves, and grow", () => {
  for (const size of [1, 31, 32, 33, 768]) {
    const made = Array.from({ length: 200 }, () => Float32Array.from({ length: size }, () => random() - 0.5));
    const bits = new SignBits(size, 0);
    for (const [row, vector] of made.entries()) bits.add(row, vector);
    bits.remove(3);
    bits.remove(3);
    expect(bits.count).toBe(199);
    expect(bits.nearest(made[150] as Float32Array, 1)).toContain(150);
    expect(bits.nearest(made[3] as Float32Array, 1_000)).not.toContain(3);
    expect(new Set(bits.nearest(made[0] as Float32Array, 1_000)).size).toBe(199);
  }
});

test("a full disk takes nothing of a batch, and what was there is found as before", async () => {
  const dbs: Database[] = [];
  const vectors = inMemory(dbs);
  const space = spaceIn(vectors);
  const all = Array.from({ length: 60 }, (_, n) => vectorNear(n));
  take(vectors, space, all);
  const question = vectorNear(5);
  const nearest = async () => (await vectors.loaded(space)).meaningOf(question).nearest(10);
  const before = await nearest();
  const pages = dbs[0]?.pragma("page_count", { simple: true });
  dbs[0]?.pragma(`max_page_count = ${pages}`);
  const more = Array.from({ length: 500 }, (_, n) => vectorNear(n));
  expect(() => take(vectors, space, more, 60)).toThrow("full");
  expect(await nearest()).toEqual(before);
  expect(vectors.with((store) => store.count(space))).toEqual({ vectors: 60, refused: 0 });
  // Forgetting needs no room.
  vectors.forget("m5");
  expect((await nearest()).map(({ memory }) => memory)).not.toContain("m5");
});

test("what is taken in and forgotten while the vectors are being read is as if it had been before", async () => {
  const paused: (() => void)[] = [];
  const file = vectorFileInMemory();
  const vectors = new Vectors({ file, crypto: nodeCrypto, pause: () => new Promise((next) => void paused.push(next)) });
  const space = spaceIn(vectors);
  const all = Array.from({ length: 4_500 }, (_, n) => vectorNear(n));
  take(vectors, space, all.slice(0, 4_400));
  const loading = vectors.loaded(space);
  const again = vectors.loaded(space);
  for (let step = 0; step < 2; step += 1) {
    await expect.poll(() => paused.length).toBeGreaterThan(0);
    take(vectors, space, all.slice(4_400 + step * 50, 4_450 + step * 50), 4_400 + step * 50);
    vectors.forget(`m${step}`);
    for (const next of paused.splice(0)) next();
  }
  const loaded = await loading;
  expect(await again).toBe(loaded);
  expect(loaded.count).toBe(4_498);
  expect(loaded.meaningOf(all[4_499] as Float32Array).nearest(3)[0]?.memory).toBe("m4499");
});
