import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

test("a title that is what was asked for counts more than one that only has it, and a mention nothing", () => {
  const db = storeOf([
    { content: "Heron\n\nA cache of ours" },
    { content: "Heron and the other caches of the team\n\nNotes" },
    { content: "hands off Heron" },
  ]);
  const { m0, m1, m2 } = signalsOf(db, "What is Heron?");
  expect([m0?.title, m2?.title]).toEqual([1, 0]);
  expect(m1?.title).toBeGreaterThan(0);
  expect(m1?.title).toBeLessThan(0.5);
});

test("who asks what a thing is, is told by what says so, in several languages", () => {
  const db = storeOf([
    { content: "Heron is our cache." },
    { content: "Wer ist wer\nHeron: ein Reiher" },
    { content: "the heron flew. Heron was postponed, and heron isn't well" },
    { content: "Ask Tom about Heron" },
  ]);
  const definesOf = (question: string) =>
    Object.entries(signalsOf(db, question)).map(([id, { defines }]) => [id, defines]);
  expect(Object.fromEntries(definesOf("Was ist Heron?"))).toMatchObject({ m0: 1, m1: 1, m3: 0 });
  expect(Object.fromEntries(definesOf("When is Heron?"))).toMatchObject({ m0: 0, m1: 0 });
});
