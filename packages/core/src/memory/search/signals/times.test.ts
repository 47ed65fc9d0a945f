import type { EventTime } from "@mh/contract/values/memory.ts";
import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const march: EventTime = {
  ...{ from: "2024-03-01T00:00:00.000Z", to: "2024-04-01T00:00:00.000Z" },
  ...{ text: "March", grain: "month" },
};
const year: EventTime = { ...march, from: "2024-01-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z", grain: "year" };
const asked = { extractDates: () => [march] };

test("what happened in the time asked about counts whole, what is much longer or was only told then half", () => {
  const db = storeOf([
    { content: "skiing", eventAt: [march] },
    { content: "skiing", eventAt: [year] },
    { content: "skiing", at: "2024-03-05T10:00:00.000Z" },
    { content: "skiing" },
  ]);
  const { m0, m1, m2, m3 } = signalsOf(db, "skiing in March", asked);
  expect([m0, m1, m2, m3].map((found) => found?.dates)).toEqual([1, 0.5, 0.5, 0]);
});

test("what was told in the time asked about or soon after is near it", () => {
  const db = storeOf(
    ["2024-03-20", "2024-04-08", "2024-06-01"].map((day) => ({ content: "skiing", at: `${day}T00:00:00.000Z` })),
  );
  const { m0, m1, m2 } = signalsOf(db, "skiing in March", asked);
  expect(m0?.toldNear).toBe(1);
  expect(m1?.toldNear).toBeCloseTo(Math.exp(-1), 5);
  expect(m2?.toldNear).toBeLessThan(0.01);
});

test("who asks when is told when", () => {
  const db = storeOf([{ content: "skiing", eventAt: [march] }, { content: "skiing" }]);
  const { m0, m1 } = signalsOf(db, "When was the skiing?");
  expect([m0?.when, m1?.when]).toEqual([1, 0]);
  expect(signalsOf(db, "Why the skiing?").m0?.when).toBe(0);
});
