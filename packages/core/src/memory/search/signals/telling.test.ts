import { wordVectors } from "@mh/host/home/word-vectors.ts";
import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

test("news is told first", () => {
  const db = storeOf(["rain", "rain", "rain"].map((content) => ({ content, session: "a" })));
  const { m0, m1, m2 } = signalsOf(db, "rain");
  expect([m0?.order, m1?.order, m2?.order]).toEqual([1, 1 / 2, 1 / 3]);
});

test("who only asks tells nothing", () => {
  const db = storeOf([{ content: "rain?" }, { content: "It rained. And you?" }, { content: "It rained." }]);
  const { m0, m1, m2 } = signalsOf(db, "rain");
  expect([m0?.stated, m2?.stated]).toEqual([0, 1]);
  expect(m1?.stated).toBeGreaterThan(0.4);
  expect(m1?.stated).toBeLessThan(1);
});

test("a text of rare words tells more than thanks for the same", () => {
  const db = storeOf([
    { content: "Wow, thank you, the kayak is so good" },
    { content: "The kayak trip through the fjord passed glaciers, seals and an abandoned whaling station" },
  ]);
  const { m0, m1 } = signalsOf(db, "kayak", { vectors: wordVectors() });
  expect(m1?.informative).toBe(1);
  expect(m0?.informative).toBeLessThan(0.5);
  expect(m0?.short).toBeGreaterThan(m1?.short ?? 1);
});
