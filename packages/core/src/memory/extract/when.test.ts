import { expect, test } from "vitest";
import { loadStretch, loadWhen } from "./when.ts";

// A Sunday.
const now = new Date("2026-11-29T14:00:00Z");
const when = async (words: string) => (await loadWhen())(words, now, "UTC");
const stretch = async (words: string, toward: "past" | "future" = "past") =>
  (await loadStretch())(words, { now, timeZone: "UTC", toward });

test.each([
  ["2026-12-03", "2026-12-03"],
  ["2026-12-03 15:30", "2026-12-03T15:30"],
  ["tomorrow", "2026-11-30"],
  ["tomorrow 09:00", "2026-11-30T09:00"],
  ["yesterday", "2026-11-28"],
  ["day after tomorrow", "2026-12-01"],
  ["last friday", "2026-11-27"],
  ["friday", "2026-12-04"],
  ["by friday", "2026-12-04"],
  ["by friday 3pm", "2026-12-04T15:00"],
  ["friday 3pm", "2026-12-04T15:00"],
  ["next friday", "2026-12-04"],
  ["31.12.", "2026-12-31"],
  ["31.12", "2026-12-31"],
  ["31.12.2027", "2027-12-31"],
  ["1.2.27", "2027-02-01"],
  ["in a fortnight", "2026-12-13"],
  ["in 2 weeks", "2026-12-13"],
  ["in 2 weeks' time", "2026-12-13"],
  ["on the 15th", "2026-12-15"],
  ["the 30th", "2026-11-30"],
  ["the 31st", "2026-12-31"],
  ["first monday of january", "2027-01-04"],
  ["the last friday in november", "2027-11-26"],
  ["first weekend of May", "2027-05-01"],
  ["24 Dec", "2026-12-24"],
  ["14 October", "2027-10-14"],
  ["end of month", "2026-11-30"],
  ["end of May", "2027-05-31"],
  ["next week", "2026-12-06"],
  ["next month", "2026-12-29"],
  ["heute", "2026-11-29"],
  ["morgen", "2026-11-30"],
  ["morgen um 9", "2026-11-30T09:00"],
  ["morgen früh", "2026-11-30T09:00"],
  ["tomorrow morning", "2026-11-30T09:00"],
  ["Friday afternoon", "2026-12-04T15:00"],
  ["monday morning at 9", "2026-11-30T09:00"],
  ["Friday evening at 8", "2026-12-04T20:00"],
  ["Friday night at 2", "2026-12-05T02:00"],
  ["Friday night at 12", "2026-12-05T00:00"],
  ["Friday night at 0:30", "2026-12-05T00:30"],
  ["Friday night at 11", "2026-12-04T23:00"],
  ["Freitag Nacht um 3", "2026-12-05T03:00"],
  ["tonight at 1", "2026-11-30T01:00"],
  ["heute Abend um 12", "2026-11-30T00:00"],
  ["tomorrow afternoon at 1", "2026-11-30T13:00"],
  ["morgen mittags um 11", "2026-11-30T11:00"],
  ["morgen mittags um 1", "2026-11-30T13:00"],
  ["monday morning at 5", "2026-11-30T05:00"],
  ["this evening", "2026-11-29T19:00"],
  ["tonight", "2026-11-29T21:00"],
  ["heute Abend", "2026-11-29T19:00"],
  ["lundi matin", "2026-11-30T09:00"],
  ["mañana por la tarde", "2026-11-30T15:00"],
  ["8am", "2026-11-30T08:00"],
  ["15:00", "2026-11-29T15:00"],
  ["Tuesday week", "2026-12-08"],
  ["a week on Tuesday", "2026-12-08"],
  ["two weeks from Friday", "2026-12-18"],
  ["Dienstag in acht Tagen", "2026-12-08"],
  ["Freitag in einer Woche", "2026-12-11"],
  ["a week from today", "2026-12-06"],
  ["the day after Christmas", "2026-12-27"],
  ["zwei Tage vor Silvester", "2026-12-29"],
  ["a month after 31 January", "2027-02-28"],
  ["Wednesday next week", "2026-12-02"],
  ["nächste Woche Mittwoch", "2026-12-02"],
  ["29 February", "2028-02-29"],
  ["Feb 29", "2028-02-29"],
  ["Dec 5th", "2026-12-05"],
  ["5th of December", "2026-12-05"],
  ["by Christmas", "2026-12-25"],
  ["New Year's Eve", "2026-12-31"],
  ["end of next week", "2026-12-06"],
  ["Ende nächster Woche", "2026-12-06"],
  ["end of the quarter", "2026-12-31"],
  ["Quartalsende", "2026-12-31"],
  ["EOM", "2026-11-30"],
  ["übermorgen um 15 Uhr", "2026-12-01T15:00"],
  ["bis Freitag", "2026-12-04"],
  ["nächsten Freitag", "2026-12-04"],
  ["letzten Freitag", "2026-11-27"],
  ["Fr 15:30", "2026-12-04T15:30"],
  ["in zwei Wochen", "2026-12-13"],
  ["in 14 Tagen", "2026-12-13"],
  ["am 15.", "2026-12-15"],
  ["am 3. Januar", "2027-01-03"],
  ["zum 31.12.", "2026-12-31"],
  ["ersten Montag im Januar", "2027-01-04"],
  ["Ende des Monats", "2026-11-30"],
  ["Monatsende", "2026-11-30"],
  ["Ende Mai", "2027-05-31"],
  ["29. Februar", "2028-02-29"],
  ["demain", "2026-11-30"],
  ["vendredi prochain", "2026-12-04"],
  ["mañana", "2026-11-30"],
  ["el viernes", "2026-12-04"],
  ["amanhã", "2026-11-30"],
  ["15 de maio", "2027-05-15"],
])("%j is one day or time to come", async (words, expected) => {
  expect(await when(words)).toBe(expected);
});

test.each([
  "",
  "soon",
  "whenever",
  "31.13.",
  "30. Februar",
  "the 32nd",
  "tomorrow or friday",
  "2026-02-30",
  "5. Montag im Mai bis",
])("%j is no time", async (words) => expect(await when(words)).toBeUndefined());

test.each([
  ["last week", "2026-11-16", "2026-11-22"],
  ["October", "2026-10-01", "2026-10-31"],
  ["friday", "2026-11-27", "2026-11-27"],
  ["im Mai", "2026-05-01", "2026-05-31"],
  ["2026-11-20", "2026-11-20", "2026-11-20"],
  ["letztes Wochenende", "2026-11-21", "2026-11-22"],
  ["yesterday 15:00", "2026-11-28T15:00", "2026-11-28T15:00"],
  ["2025", "2025-01-01", "2025-12-31"],
])("%j is a stretch of days, the last one told", async (words, first, last) => {
  expect(await stretch(words)).toEqual({ first, last });
});

test.each([
  ["yesterday evening", "2026-11-28T17:00", "2026-11-29T00:00"],
  ["gestern Vormittag", "2026-11-28T05:00", "2026-11-28T12:00"],
  ["Q1", "2026-01-01", "2026-03-31"],
])("%j is a part of a day or year", async (words, first, last) => {
  expect(await stretch(words)).toEqual({ first, last });
});

test.each([
  ["5/12", "Europe/Berlin", "2026-12-05"],
  ["5/12", "Asia/Kolkata", "2026-12-05"],
  ["5/12", "America/New_York", "2027-05-12"],
  ["5/12", "Asia/Tokyo", "2027-05-12"],
  ["12/5/2027", "Europe/London", "2027-05-12"],
  ["12/5/2027", "America/Chicago", "2027-12-05"],
  ["this wednesday", "America/New_York", "2026-12-02"],
  ["this wednesday", "Europe/Berlin", "2026-11-25"],
])("%j is written in %s as %s", async (words, timeZone, expected) => {
  expect(await (await loadWhen())(words, now, timeZone)).toBe(expected);
});

test.each([
  ["this week", "America/New_York", "2026-11-29", "2026-12-05"],
  ["last week", "America/New_York", "2026-11-22", "2026-11-28"],
  ["last week", "Africa/Cairo", "2026-11-21", "2026-11-27"],
  ["last week", "Europe/Berlin", "2026-11-16", "2026-11-22"],
  ["last weekend", "America/New_York", "2026-11-21", "2026-11-22"],
])("the week of %j begins in %s on %s", async (words, timeZone, first, last) => {
  expect(await (await loadStretch())(words, { now, timeZone, toward: "past" })).toEqual({ first, last });
});
