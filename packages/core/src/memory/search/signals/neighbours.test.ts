import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const talk = storeOf([
  { content: "How was the regatta?", session: "a" },
  { content: "We came third", session: "a" },
  { content: "The regatta begins at noon", session: "b" },
  { content: "Good to know", session: "b" },
  { content: "The regatta is over", session: null as never },
]);

test("an answer follows its question, a comment follows nothing that asks", () => {
  const { m1, m3 } = signalsOf(talk, "regatta");
  expect([m1?.previous, m3?.previous]).toEqual([1, 0]);
});

test("the memories around one count with it, those of other sessions do not", () => {
  const { m0, m1, m2, m3 } = signalsOf(talk, "regatta");
  for (const beside of [m1, m3]) expect(beside?.window).toBeGreaterThan(0);
  expect(m1?.words).toBe(0);
  expect([m0?.next, m2?.next]).toEqual([0, 0]);
});

test("a session is as good as its best three, and a memory without one as good as itself", () => {
  const long = storeOf([
    ...Array.from({ length: 9 }, () => ({ content: "the regatta", session: "long" })),
    ...Array.from({ length: 3 }, () => ({ content: "the regatta", session: "short" })),
    { content: "the regatta" },
  ]);
  const { m0, m9, m12 } = signalsOf(long, "regatta");
  expect(m0?.session).toBe(m9?.session);
  expect(m12?.session).toBeCloseTo(1 / 3, 1);
});
