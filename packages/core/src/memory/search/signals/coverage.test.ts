import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const talk = storeOf([
  { content: "How is the new bakery?", session: "a" },
  { content: "The croissants are wonderful", session: "a" },
  { content: "croissants croissants croissants", session: "b" },
]);

test("each word of the question counts once, where it stands closest", () => {
  const { m0, m1, m2 } = signalsOf(talk, "bakery croissants");
  expect(m1?.coverage).toBeGreaterThan(m2?.coverage ?? 1);
  expect(m0?.coverage).toBeGreaterThan(m2?.coverage ?? 1);
  for (const found of [m0, m1, m2]) expect(found?.coverage).toBeLessThanOrEqual(1);
});

test("what stands further away covers less", () => {
  const told = storeOf([
    { content: "How is the new bakery?", session: "a" },
    { content: "Nice, and my bread?", session: "a" },
    { content: "Nice, and your bread?", session: "a" },
  ]);
  const { m0, m1, m2 } = signalsOf(told, "bakery bread");
  expect(m1?.coverage).toBeGreaterThan(m2?.coverage ?? 1);
  expect(m0?.coverage).toBeGreaterThan(m1?.coverage ?? 1);
});

test("what stands in another session covers nothing", () => {
  expect(signalsOf(talk, "bakery").m2).toBe(undefined);
  const { m2 } = signalsOf(talk, "bakery croissants");
  expect(m2?.coverage).toBeLessThan(0.6);
});
