import type { EventTime } from "@mh/contract/values/memory.ts";
import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const day = (date: string): EventTime => ({
  ...{ from: `${date}T00:00:00.000Z`, to: `${date}T23:59:00.000Z`, text: date, grain: "day" },
});
const db = storeOf([
  { content: "Tea with Sarah", at: "2024-01-01T10:00:00.000Z" },
  { content: "Tea with Sarah", at: "2024-03-01T10:00:00.000Z" },
  { content: "Tea with Sarah", at: "2024-02-01T10:00:00.000Z", eventAt: [day("2024-12-01")] },
  { content: "Tea", at: "2024-05-01T10:00:00.000Z" },
]);
const asked = { at: new Date("2024-06-01T00:00:00.000Z") };

test("the last time is the newest of those that speak of it, and not one to come", () => {
  const { m0, m1, m2, m3 } = signalsOf(db, "When did I last have tea with Sarah?", asked);
  expect([m0, m1, m2, m3].map((found) => found?.latest)).toEqual([1 / 3, 1, 1 / 2, 0]);
});

test("the first time is the oldest, in several languages, and last week is no last time", () => {
  for (const question of ["first tea with Sarah", "erster tea mit Sarah"]) {
    const { m0, m1 } = signalsOf(db, question, asked);
    expect(m0?.earliest).toBe(1);
    expect(m1?.earliest).toBeLessThan(1);
  }
  expect(signalsOf(db, "tea with Sarah last week", asked).m1?.latest).toBe(0);
});
