import { expect, test, vi } from "vitest";
import { beginOfDays, day, moment } from "./dates.ts";
import { counted, thousands } from "./numbers.ts";

const now = Date.parse("2026-03-29T12:00:00Z");

test("times are told in the owner's words and time zone, over a change of clocks, too", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const told = (at: string) => [moment(at, now), day(at, now)];
  expect(told("2026-03-29T09:30:00Z")).toEqual(["today 11:30", "today 11:30"]);
  // The clocks went forward that night: yesterday was only 23 hours long, and is still yesterday.
  expect(told("2026-03-27T23:30:00Z")).toEqual(["yesterday 00:30", "yesterday"]);
  expect(told("2026-03-30T06:00:00Z")).toEqual(["tomorrow 08:00", "tomorrow"]);
  expect(told("2026-03-03T13:03:00Z")).toEqual(["Tue 3 March 14:03", "Tue 3 March"]);
  expect(told("2025-03-03T13:03:00Z")).toEqual(["3 March 2025 14:03", "3 March 2025"]);
  expect(told("2025-12-31T23:30:00Z")).toEqual(["Thu 1 January 00:30", "Thu 1 January"]);
  expect(told("2026-02-28T23:00:00Z")).toEqual(["Sun 1 March", "Sun 1 March"]);
  vi.unstubAllEnvs();
});

test("so many days begin at midnight, the first of them too, over a change of clocks", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  expect([1, 2].map((count) => beginOfDays(count, now).toISOString())).toEqual([
    "2026-03-28T23:00:00.000Z",
    "2026-03-27T23:00:00.000Z",
  ]);
  vi.unstubAllEnvs();
});

test("numbers are grouped and agree with what they count", () => {
  expect([0, 999, 1000, 1234567].map(thousands)).toEqual(["0", "999", "1,000", "1,234,567"]);
  expect([counted(1, "record"), counted(2000, "record"), counted(0, "memory", "memories")]).toEqual([
    "1 record",
    "2,000 records",
    "0 memories",
  ]);
});
