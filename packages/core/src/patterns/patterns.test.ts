import { expect, test } from "vitest";
import { busyHours, choicesIn, habitsIn, type Seen } from "./patterns.ts";

const seen = (what: string, hours: Readonly<Record<string, number>>): Seen[] =>
  Object.entries(hours).map(([day, hour]) => ({ memory: `m-${day}`, day: `2026-03-${day}`, hour, what }));

test("H17 what comes at one time of the week or the day is a habit; what comes anyhow, or seldom, is none", () => {
  const all = [
    ...seen("ledger", { "02": 9, "09": 9, "16": 10 }),
    ...seen("make", { "02": 8, "03": 9, "04": 8, "05": 9, "06": 8, "09": 9, "11": 8 }),
    ...seen("walk", { "02": 18, "03": 18, "05": 18, "06": 18, "07": 18, "08": 19 }),
    ...seen("anyhow", { "02": 1, "03": 7, "04": 13, "05": 19, "06": 23 }),
    ...seen("seldom", { "02": 9, "09": 9 }),
    ...seen("gone", { "02": 9, "10": 9, "18": 9, "26": 9 }),
  ];
  expect(habitsIn(all).map(({ what, when, days }) => [what, when, days])).toEqual([
    ["make", "on working days around 08:00", 7],
    ["walk", "every day around 18:00", 6],
    ["ledger", "every Monday around 09:00", 3],
  ]);
  expect(habitsIn(all)[2]?.memories).toEqual(["m-02", "m-09", "m-16"]);
});

test("H17 the hours in which most days have something are busy, once enough days tell", () => {
  const days = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [String(n + 10), n === 0 ? 20 : 9]));
  const more = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [String(n + 10), 10]));
  expect(busyHours([...seen("a", days), ...seen("b", more)])).toMatchObject({ hours: [{ from: 9, to: 11 }], days: 8 });
  expect(busyHours(seen("a", { "10": 9, "11": 9 }))).toBe(undefined);
  expect(busyHours(seen("a", Object.fromEntries(Array.from({ length: 9 }, (_, n) => [String(n + 10), n]))))).toBe(
    undefined,
  );
});

test("H17 what was taken nearly each time that it was offered is a recurring choice", () => {
  const took = (taken: string, names: string[], count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: `${taken}-${n}`, names, taken }));
  const answered = [
    ...took("archive", ["archive", "notify"], 5),
    ...took("notify", ["archive", "notify"], 1),
    ...took("call", ["call", "write"], 2),
  ];
  expect(choicesIn(answered)).toMatchObject([{ option: "archive", chosen: 5, offered: 6 }]);
  expect(choicesIn([...answered, ...took("notify", ["archive", "notify"], 1)])).toEqual([]);
});
