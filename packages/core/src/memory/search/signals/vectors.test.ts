import { wordVectors } from "@mh/host/home/word-vectors.ts";
import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const vectors = wordVectors();
const db = storeOf([
  { content: "We adopted a puppy in the rain" },
  { content: "We bought a tractor in the rain" },
  { content: "We all went home in the rain" },
]);

test("another word for the same thing is near", () => {
  const { m0, m1, m2 } = signalsOf(db, "dog in the rain", { vectors });
  expect(m0?.topic).toBeGreaterThan(m1?.topic ?? 1);
  expect(m0?.related).toBeGreaterThan(m1?.related ?? 1);
  expect(m0?.related).toBeGreaterThan(m2?.related ?? 1);
});

test("a kind of what was asked about counts in its place, also beside the memory", () => {
  const pets = storeOf([
    { content: "Rex is an odd name for a poodle", session: "a" },
    { content: "He sleeps in the rain", session: "a" },
    { content: "Sea is an odd name for a ship", session: "b" },
    { content: "It sails in the rain", session: "b" },
  ]);
  const { m0, m1, m2, m3 } = signalsOf(pets, "odd dogs in the rain", { vectors });
  expect(m0?.kindred).toBe(1);
  expect(m0?.coverage).toBe(m2?.coverage);
  expect(m0?.softCoverage).toBeGreaterThan(m2?.softCoverage ?? 1);
  expect(m1?.softCoverage).toBeGreaterThan(m3?.softCoverage ?? 1);
  expect(m1?.sessionCoverage).toBeGreaterThan(m3?.sessionCoverage ?? 1);
});

test("without vectors nothing is near, and nothing fails", () => {
  for (const found of Object.values(signalsOf(db, "dog in the rain"))) expect(found.topic).toBe(0);
});

test("a cut file of vectors is refused", async () => {
  const { WordVectors } = await import("../word-vectors.ts");
  const { WordRelations } = await import("../word-relations.ts");
  const file = new TextEncoder().encode('{"words":2,"dimensions":2}\nthe\n\u0001\u0002\u0003\u0004');
  expect(() => new WordVectors(file, vectors.relations)).toThrow("not whole");
  expect(() => new WordRelations(new TextEncoder().encode('{"words":1,"pairs":1}\n'))).toThrow("not whole");
});
