import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const talk = storeOf([
  { content: "Did you go to the regatta?", session: "a" },
  { content: "We came third", session: "a" },
  { content: "The regatta begins at noon", session: "b" },
  { content: "Good to know", session: "b" },
]);

/** As an embedder may say of the memories. */
function likenesses(of: Readonly<Record<string, number>>) {
  const rows = talk.prepare("SELECT id AS memory, text_key AS textKey FROM memories").all() as Stored[];
  const all = rows.map((row) => ({ ...row, likeness: of[row.memory] ?? 0 }));
  return { nearest: () => all, of: (ids: readonly string[]) => all.filter(({ memory }) => ids.includes(memory)) };
}
type Stored = { memory: string; textKey: string };

test("a close meaning counts for the answer, for what stands before it, and for its conversation", () => {
  const { m0, m1, m2, m3 } = signalsOf(talk, "regatta", { meaning: likenesses({ m0: 0.8, m2: 0.4 }) });
  expect([m0?.meaning, m1?.meaning, m2?.meaning, m3?.meaning]).toEqual([1, 0, 0.5, 0]);
  expect([m1?.previousMeaning, m3?.previousMeaning]).toEqual([1, 0]);
  expect([m0?.nextMeaning, m1?.nextMeaning]).toEqual([0, 0]);
  expect([m0?.sessionMeaning, m1?.sessionMeaning, m3?.sessionMeaning]).toEqual([1, 1, 0.5]);
});

test("without an embedder nothing is close", () => {
  for (const found of Object.values(signalsOf(talk, "regatta")))
    expect([found.meaning, found.previousMeaning, found.nextMeaning, found.sessionMeaning]).toEqual([0, 0, 0, 0]);
});
