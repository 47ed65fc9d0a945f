import { expect, test } from "vitest";
import { cronFault, cronSlots, nextCronSlot } from "./cron.ts";

const berlin = "Europe/Berlin";
const slots = (expression: string, from: string, to: string, zone = berlin) =>
  [...cronSlots(expression, zone, Date.parse(from), Date.parse(to))].map(
    ({ slot, atMs }) => `${slot} = ${new Date(atMs).toISOString().slice(0, 16)}Z`,
  );

test("H14 a time that the clocks skip in spring is due once, later by the hour they were put forward", () => {
  expect(slots("30 2 * * *", "2026-03-28T00:00Z", "2026-03-31T00:00Z")).toEqual([
    "2026-03-28T02:30 = 2026-03-28T01:30Z",
    "2026-03-29T02:30 = 2026-03-29T01:30Z",
    "2026-03-30T02:30 = 2026-03-30T00:30Z",
  ]);
});

test("H14 a time that the clocks double in autumn is due once, at its first coming", () => {
  expect(slots("30 2 * * *", "2026-10-24T12:00Z", "2026-10-26T12:00Z")).toEqual([
    "2026-10-25T02:30 = 2026-10-25T00:30Z",
    "2026-10-26T02:30 = 2026-10-26T01:30Z",
  ]);
  const from = Date.parse("2026-10-25T00:30Z");
  expect([...cronSlots("30 2 * * *", berlin, from, from + 6 * 3_600_000)]).toEqual([]);
});

test("H14 clock changes west of Greenwich, by half an hour and by a whole day are met by the same rule", () => {
  expect(slots("30 2 * * *", "2026-03-08T00:00Z", "2026-03-09T00:00Z", "America/New_York")).toEqual([
    "2026-03-08T02:30 = 2026-03-08T07:30Z",
  ]);
  expect(slots("30 1 * * *", "2026-11-01T00:00Z", "2026-11-02T00:00Z", "America/New_York")).toEqual([
    "2026-11-01T01:30 = 2026-11-01T05:30Z",
  ]);
  expect(slots("15 2 * * *", "2026-10-03T00:00Z", "2026-10-04T00:00Z", "Australia/Lord_Howe")).toEqual([
    "2026-10-04T02:15 = 2026-10-03T15:45Z",
  ]);
  expect(slots("45 1 * * *", "2026-04-04T00:00Z", "2026-04-05T00:00Z", "Australia/Lord_Howe")).toEqual([
    "2026-04-05T01:45 = 2026-04-04T14:45Z",
  ]);
  expect(slots("0 7 * * *", "2011-12-29T00:00Z", "2011-12-31T12:00Z", "Pacific/Apia")).toEqual([
    "2011-12-29T07:00 = 2011-12-29T17:00Z",
    "2011-12-30T07:00 = 2011-12-30T17:00Z",
    "2011-12-31T07:00 = 2011-12-30T17:00Z",
  ]);
});

test("H14 seven in the morning is seven on the owner's wall all year, in zones of every kind", () => {
  expect(slots("0 7 * * *", "2026-03-28T00:00Z", "2026-03-30T12:00Z")).toEqual([
    "2026-03-28T07:00 = 2026-03-28T06:00Z",
    "2026-03-29T07:00 = 2026-03-29T05:00Z",
    "2026-03-30T07:00 = 2026-03-30T05:00Z",
  ]);
  expect(slots("0 7 * * *", "2026-01-01T00:00Z", "2026-01-02T00:00Z", "Asia/Kathmandu")).toEqual([
    "2026-01-01T07:00 = 2026-01-01T01:15Z",
  ]);
  expect(slots("0 2 * * *", "2026-10-03T00:00Z", "2026-10-04T23:00Z", "Australia/Lord_Howe")).toHaveLength(2);
  expect(slots("0 7 * * *", "2026-01-01T00:00Z", "2026-01-02T00:00Z", "Pacific/Kiritimati")).toHaveLength(1);
});

test("H14 every slot of a year comes once and in order, whatever the zone", () => {
  for (const zone of [berlin, "America/New_York", "Asia/Tehran", "Africa/Casablanca", "Pacific/Apia", "UTC"]) {
    const from = Date.parse("2026-01-01T00:00Z");
    const all = [...cronSlots("15 1,2,3 * * *", zone, from, from + 365 * 86_400_000)];
    expect(new Set(all.map(({ slot }) => slot)).size, zone).toBe(all.length);
    expect(all.length, zone).toBe(365 * 3);
    // In parts, as a scheduler asks for them, they are the same.
    const parts: string[] = [];
    for (let at = from; at < from + 365 * 86_400_000; at += 7 * 3_600_000) {
      const to = Math.min(at + 7 * 3_600_000, from + 365 * 86_400_000);
      parts.push(...[...cronSlots("15 1,2,3 * * *", zone, at, to)].map(({ slot }) => slot));
    }
    expect(parts, zone).toEqual(all.map(({ slot }) => slot));
  }
});

test("H14 cron's own rule: bounded both by day and by weekday, either fits", () => {
  expect(slots("0 9 13 * 5", "2026-02-01T00:00Z", "2026-02-15T00:00Z", "UTC")).toEqual([
    "2026-02-06T09:00 = 2026-02-06T09:00Z",
    "2026-02-13T09:00 = 2026-02-13T09:00Z",
  ]);
  expect(slots("0 9 * * 7", "2026-02-01T00:00Z", "2026-02-09T00:00Z", "UTC")).toHaveLength(2);
});

test("H14 what is no schedule is refused with the reason", () => {
  expect(cronFault("0 7 * * *")).toBeUndefined();
  expect(cronFault("0 0 7 * * *")).toMatch(/five fields/);
  expect(cronFault("61 7 * * *")).toMatch(/minute/i);
  expect(cronFault("every morning")).toMatch(/five fields/);
  expect(cronFault("")).toMatch(/five fields/);
});

test("H14 the next time is found though it is years away", () => {
  const from = Date.parse("2026-03-01T00:00Z");
  expect(nextCronSlot("0 0 29 2 *", "UTC", from)?.slot).toBe("2028-02-29T00:00");
  expect(cronFault("0 0 30 2 *")).toMatch(/impossible day/);
});
