import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

test("H3 words count by how rare they are, and the best match is the measure", () => {
  const db = storeOf([{ content: "the heron" }, { content: "the heron of the harbour" }, { content: "a boat" }]);
  const found = signalsOf(db, "harbour heron");
  expect(found.m1?.words).toBe(1);
  expect(found.m0?.words).toBeGreaterThan(0);
  expect(found.m0?.words).toBeLessThan(1);
});

test("words that stand side by side in the question count more close to each other", () => {
  const db = storeOf([
    { content: "support came late, as it always did in those years, and so did the group" },
    { content: "a support group for all" },
  ]);
  const found = signalsOf(db, "support group");
  expect([found.m0?.pairs, found.m1?.pairs]).toEqual([0, 1]);
});

test("letters find a name that is spelled in another way", () => {
  const db = storeOf([{ content: "Tea with Siobhan" }, { content: "Tea with Robert" }]);
  const { m0, m1 } = signalsOf(db, "tea with Siobhann");
  expect(m0?.letters).toBeGreaterThan(m1?.letters ?? 1);
});
