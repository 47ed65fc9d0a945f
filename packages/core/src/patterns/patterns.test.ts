import { expect, test } from "vitest";
import { choicesIn, cyclesIn, habitsIn, type Seen } from "./patterns.ts";

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
  expect(habitsIn(all).map(({ what, when, at, days }) => [what, when, at, days])).toEqual([
    ["make", "on working days around 08:00", "mon-fri 08:00-09:00", 7],
    ["walk", "every day around 18:00", "18:00-19:00", 6],
    ["ledger", "every Monday around 09:00", "mon 09:00-10:00", 3],
  ]);
  expect(habitsIn(all)[2]?.memories).toEqual(["m-02", "m-09", "m-16"]);
});

test("H6 a routine may be of several days of the week; what comes every other week is none of each", () => {
  const gym = seen("gym", { "03": 18, "05": 18, "10": 18, "12": 19, "17": 18, "19": 18 });
  const fortnightly = seen("report", { "02": 9, "16": 9, "30": 9 });
  expect(habitsIn([...gym, ...fortnightly]).map(({ what, when, at }) => [what, when, at])).toEqual([
    ["gym", "every Tuesday and Thursday around 18:00", "tue thu 18:00-19:00"],
  ]);
});

test("H6 active hours are those of working days and of weekends for themselves, with the lull between them, once enough days tell", () => {
  const working = ["02", "03", "04", "05", "06", "09", "10", "11", "12", "13"];
  const on = (days: readonly string[], ...hours: number[]) =>
    hours.flatMap((hour) => seen("a", Object.fromEntries(days.map((day) => [day, hour]))));
  const all = [...on(working, 9, 10, 15), ...on(["02"], 20), ...on(["07", "08", "14", "15"], 21)];
  const told = cyclesIn(all).map(({ on, energy, hours, at, days }) => ({ on, energy, hours, at, days }));
  expect(told).toEqual([
    {
      ...{ on: "working days", energy: "high", at: "mon-fri 09:00-11:00 15:00-16:00", days: 10 },
      hours: [
        { from: 9, to: 11 },
        { from: 15, to: 16 },
      ],
    },
    { on: "working days", energy: "low", hours: [{ from: 11, to: 15 }], at: "mon-fri 11:00-15:00", days: 10 },
  ]);
  const weekends = ["07", "08", "14", "15", "21", "22", "28", "29"];
  expect(cyclesIn(on(weekends, 21))).toMatchObject([{ on: "weekends", energy: "high", at: "weekend 21:00-22:00" }]);
  expect(cyclesIn(on(["02", "03"], 9))).toEqual([]);
  expect(cyclesIn(working.flatMap((day, n) => on([day], n)))).toEqual([]);
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
