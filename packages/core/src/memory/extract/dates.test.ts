import fc from "fast-check";
import { beforeAll, expect, inject, test } from "vitest";
import { type DateExtractor, loadDates, mayNameTimes } from "./dates.ts";

let dates: DateExtractor;
beforeAll(async () => {
  dates = await loadDates();
});

// A Monday.
const at = new Date("2023-05-08T13:56:00Z");

test.each([
  "I may go",
  "he sat down in the sun",
  "wait a second, the second time",
  "in a minute",
  "now",
  "for 5 years",
  "1/2 cup of flour, open 24/7",
  "version 2.10.3 in room 2021",
  "won 3:2 against 555-0199",
  "March on",
])("%j speaks of no time", (text) => {
  expect(dates(text, at, "UTC")).toEqual([]);
});

test.each([
  ["I went yesterday", "yesterday", "2023-05-07", "2023-05-08", "day"],
  ["last Friday", "last Friday", "2023-05-05", "2023-05-06", "day"],
  ["this morning", "this morning", "2023-05-08", "2023-05-09", "day"],
  ["last week", "last week", "2023-05-01", "2023-05-08", "week"],
  ["two weekends ago", "two weekends ago", "2023-04-29", "2023-05-01", "day"],
  ["the week before last", "the week before last", "2023-04-24", "2023-05-01", "week"],
  ["a few days ago", "a few days ago", "2023-05-05", "2023-05-06", "day"],
  ["the past three weeks", "the past three weeks", "2023-04-17", "2023-05-09", "week"],
  ["next month", "next month", "2023-06-01", "2023-07-01", "month"],
  ["in March", "March", "2023-03-01", "2023-04-01", "month"],
  ["last summer", "last summer", "2022-06-01", "2022-09-01", "month"],
  ["in 2021", "in 2021", "2021-01-01", "2022-01-01", "year"],
  ["10 years ago", "10 years ago", "2013-01-01", "2014-01-01", "year"],
  ["dentist may 5", "may 5", "2023-05-05", "2023-05-06", "day"],
  ["the 8 May 2024", "8 May 2024", "2024-05-08", "2024-05-09", "day"],
])("%j is a stretch of time with its grain", (text, words, from, to, grain) => {
  const midnight = "T00:00:00.000Z";
  expect(dates(text, at, "UTC")).toEqual([{ from: from + midnight, to: to + midnight, text: words, grain }]);
});

test("a day is the owner's day, also on the days the clock changes", () => {
  const spring = new Date("2023-03-26T12:00:00Z");
  expect(dates("today", spring, "Europe/Berlin")).toMatchObject([
    { from: "2023-03-25T23:00:00.000Z", to: "2023-03-26T22:00:00.000Z" },
  ]);
  expect(dates("tomorrow at 5pm", at, "America/New_York")).toMatchObject([
    { from: "2023-05-09T21:00:00.000Z", to: "2023-05-09T22:00:00.000Z", grain: "hour" },
  ]);
});

test("a range of hours ends when its last hour begins", () => {
  expect(dates("today at 9am to 11am", at, "UTC")).toMatchObject([
    { from: "2023-05-08T09:00:00.000Z", to: "2023-05-08T11:00:00.000Z" },
  ]);
});

test("digits that are looked past are no part of a time", () => {
  const words = fc.array(fc.constantFrom(...numbered), { minLength: 1, maxLength: 7 }).map((all) => all.join(" "));
  fc.assert(
    fc.property(words, (text) => {
      fc.pre(!mayNameTimes(text));
      // The last word has the parsers read it all.
      expect(dates(`${text} ; zzz: tomorrow`, at, "UTC").map((each) => each.text)).toEqual(["tomorrow"]);
    }),
    { seed: inject("seed"), numRuns: 1_000, examples: [["in the d 1"], ["in half h in 2"]] },
  );
});
const numbered = [
  ...["1", "2", "5", "12", "24", "31", "0", "08", "1999", "2021", "2.10", "1/2", "3:2", "0.7283", "12.5", "5.", "5,"],
  ...["17.30", "10-12", "2023-05-08", "8/5", "555-0199", "1,000", "20th", "12:00", "#", "-", "/", ".", ",", "of", "in"],
  ...["the", "at", "on", "by", "from", "to", "a", "an", "pm", "h", "d", "st", "about", "room", "version", "apples"],
  ...["half", "quarter", "hours", "minute", "days", "evening", "summer", "noon", "cup", "EST", "Q3", "Z", "T"],
];
