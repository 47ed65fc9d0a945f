import { expect, test } from "vitest";
import { type Declared, passes } from "../../../../../tests/support/judged.ts";
import { Days } from "./days.ts";

test.each<[words: string, date: string, isNamed: boolean]>([
  ["on 3 July", "2026-07-03", true],
  ["on 3 July", "2026-07-04", false],
  ["on July 3rd, 2026", "2026-07-03", true],
  ["on July 3rd, 2026", "2027-07-03", false],
  ["the 3rd of july 2026", "2026-07-03", true],
  ["on 13 July", "2026-07-03", false],
  ["version 1.3 July", "2026-07-03", false],
  ["on 3 July at 10:30", "2026-07-03T10:30", true],
  ["on 3 July at 10", "2026-07-03 10:00:00", true],
  ["on 3 July at 3 pm", "2026-07-03T15:00", true],
  ["on 3 July at 3 pm", "2026-07-03T03:00", false],
  ["on 3 July at noon", "2026-07-03T12:00", true],
  ["on 3 July", "2026-07-03T10:00", false],
  ["on 2026-07-03 at 8 o'clock", "2026-07-03T08:00", true],
  ["on 45 July", "2026-07-45", false],
  ["on 31 February", "2026-02-31", false],
])("K8 B 10 “%s” names %s: %s", (words, date, isNamed) => {
  expect(new Days(words).name(date)).toBe(isNamed);
});

test("K8 B 10 tomorrow is a day once a trusted answer says which day it is", () => {
  const days = new Days("tomorrow, or the day after tomorrow");
  const dates = ["2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"];
  expect(dates.map((date) => days.include(date))).toEqual([false, false, false, false]);
  days.learn("2026-11-29 09:15");
  expect(dates.map((date) => days.include(date))).toEqual([false, true, true, false]);
});

test.each<[words: string, date: string, isNamed: boolean]>([
  ["Today is 2026-11-29. Move what I have tomorrow", "2026-11-30", true],
  ["Today is Sunday, 29 November 2026. Move what I have tomorrow", "2026-11-30", true],
  ["Today's date: 2026-11-29. Move what I have tomorrow", "2026-11-30", true],
  ["Today is 2026-11-29. Move what I have tomorrow", "2026-12-01", false],
  ["The meeting of 2026-11-29 is over. Move what I have tomorrow", "2026-11-30", false],
  ["Today is 29 November. Move what I have tomorrow", "2026-11-30", false],
  ["Today is 2026-11-29, or today is 2026-11-28? Move what I have tomorrow", "2026-11-30", false],
])("K8 B 10 the owner may say which day it is: “%s” names %s: %s", (words, date, isNamed) => {
  expect(new Days(words).include(date)).toBe(isNamed);
});

test("K8 B 10 a day without a year is the nearest one, where it is known which day it is", () => {
  const days = new Days("on 3 January");
  days.learn("2026-11-29");
  expect(["2027-01-03", "2026-01-03", "2028-01-03"].map((date) => days.include(date))).toEqual([true, false, false]);
});

const clock = { output: "trusted", writers: "self" };
const diary: Declared = {
  ...{ writers: "members", private: true, ids: "event" },
  fields: { id: "record", start: "record", title: "label" },
};
const events = [
  { id: 4, start: "2026-07-03 10:30:00", title: "Dentist" },
  { id: 5, start: "2026-07-05 09:00:00", title: "Choir" },
];
const cancel: Declared = { control: ["id"], types: { id: "id" }, takes: { id: "event" }, verbs: ["cancel"] };
const move: Declared = {
  ...{ control: ["id", "start"], types: { id: "id", start: "date" }, takes: { id: "event" }, verbs: ["move"] },
};

test("K8 B 10 the entry of a day that the owner named is described by it, and two of one day are not told apart", () => {
  const cancels = (words: string, id: number, output: object[] = events) =>
    passes(words, [{ facts: diary, output }], { facts: cancel, args: { id }, effect: "destroy" });
  expect(cancels("Cancel what I have on 3 July", 4)).toBe(true);
  expect(cancels("Cancel what I have on 3 July", 5)).toBe(false);
  expect(
    cancels("Cancel what I have on 3 July", 4, [...events, { id: 6, start: "2026-07-03 18:00:00", title: "Tea" }]),
  ).toBe(false);
});

test("K8 B 10 tomorrow's entry, by the day that a trusted answer gives, and no other", () => {
  const cancels = (id: number, reads: { facts: Declared; output: unknown; args?: Record<string, unknown> }[]) =>
    passes("Cancel what I have tomorrow; Tom cannot come", [...reads, { facts: diary, output: events }], {
      ...{ facts: cancel, args: { id }, effect: "destroy" as const },
    });
  expect(cancels(4, [{ facts: clock, output: "2026-07-02" }])).toBe(true);
  expect(cancels(5, [{ facts: clock, output: "2026-07-02" }])).toBe(false);
  expect(cancels(4, [{ facts: { writers: "anyone" }, output: "2026-07-02" }])).toBe(false);
  expect(cancels(4, [{ facts: clock, output: "2026-07-02", args: { of: "eve" } }])).toBe(false);
  expect(cancels(4, [{ facts: clock, output: "2026-07-02", args: { of: "Tom" } }])).toBe(false);
});

test.each<[words: string, start: string, isVouched: boolean]>([
  ["Move the dentist to 9 July at 10:00", "2026-07-09 10:00:00", true],
  ["Move the dentist to 9 July", "2026-07-09T10:30", true],
  ["Move the dentist to 9 July", "2026-07-09", true],
  ["Move the dentist to 9 July", "2026-07-09 10:00:00", false],
  ["Move the dentist to 9 July", "2026-07-09 09:00:00", false],
  ["Move the dentist to 9 July", "2026-07-10 10:30:00", false],
])("K8 B 10 “%s”: %s", (words, start, isVouched) => {
  expect(passes(words, [{ facts: diary, output: events }], { facts: move, args: { id: 4, start } })).toBe(isVouched);
});
