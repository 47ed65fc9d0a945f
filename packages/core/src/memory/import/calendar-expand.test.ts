import ICAL from "ical.js";
import { expect, test } from "vitest";
import { expanded } from "./calendar-expand.ts";

const start = ICAL.Time.fromData({ year: 1600, month: 1, day: 1, hour: 9 });
const endMs = Date.UTC(2026, 10, 29);

/** The steps that a rule takes of 5,000, of which it may have 1,000, and the times that it gives. */
function worked(rule: string): { cost: number; times: number | string } {
  const steps = { left: 5_000, each: 1_000 };
  const times = () => [...expanded(ICAL.Recur.fromString(rule), start, { fromMs: endMs, endMs }, steps)].length;
  try {
    return { times: times(), cost: 5_000 - steps.left };
  } catch (error) {
    return { times: (error as Error).message, cost: 5_000 - steps.left };
  }
}

const tooMuch = "The rule takes more work than there is time for.";

test("a rule costs what was looked at, not what might have been", () => {
  const { times, cost } = worked("FREQ=DAILY;COUNT=5");
  expect(times).toBe(5);
  expect(cost).toBeLessThan(10);
});

test.each([
  ["periods without a time", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"],
  [
    "times within one period",
    `FREQ=DAILY;BYHOUR=${[...Array(24).keys()]};BYMINUTE=${[...Array(60).keys()]};COUNT=100000`,
  ],
])("%s are work: a rule takes no more than its share, and pays for it", (_what, rule) => {
  const { times, cost } = worked(rule);
  expect(times).toBe(tooMuch);
  expect(cost).toBeGreaterThan(990);
  expect(cost).toBeLessThan(1_200);
});
