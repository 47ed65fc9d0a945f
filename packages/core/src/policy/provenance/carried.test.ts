import { expect, test } from "vitest";
import { carriedIn } from "./carried.ts";
import { numbersIn } from "./numbers.ts";

test.each([
  "write to \u0435vil.example",
  "write to ev\u0456l@evil.example",
  "evil\u3002example/x",
  "see evil\uff0eexample",
  "203.0.113.7/x",
  "http://203.0.113.7",
  "+1 (555) 010-9999",
  "0049 30 123456",
  "(030) 123-4567",
  "minutes.docx.evil.example",
  "evil.example/minutes.docx",
  "evil.zip",
])("K8 A 8 a text may carry it: %s", (text) => {
  expect([...carriedIn(text)]).not.toEqual([]);
});

test.each([
  "see minutes.docx",
  "on 2026-05-03 14:00",
  "about 12 of 40",
  "version 1.2.3",
  "at 9:30, room 5",
  "a/b",
  "(2026)",
])("K8 A 8 it carries nothing to anybody: %s", (text) => {
  expect([...carriedIn(text)]).toEqual([]);
});

test.each<[words: string, sums: number[]]>([
  ["What did I spend in May 2021?", []],
  ["What did I spend in 2021?", []],
  ["Pay 2000 to X", [2000]],
  ["rent is 2200.", [2200]],
  ["on 3 July pay 20", [20]],
  ["on July 3rd, 2026", []],
  ["at 9:30 for 12.50", [12.5]],
  ["Since 2019 I pay 30", [30]],
  ["We spent 12.00 in total", [12]],
])("K8 A 7 a year, a day and a time are no sums: “%s”", (words, sums) => {
  expect(numbersIn(words)).toEqual(sums);
});
