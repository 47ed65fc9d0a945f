import { expect, test } from "vitest";
import { howFar, makeProgress } from "./progress.ts";

test("progress is one line with a bar, a count, a rate and the time left; short work shows none", () => {
  let time = 0;
  const drawn: string[] = [];
  const print = { progress: (text: string) => void drawn.push(text) };
  const progress = makeProgress(print, { doing: "Importing", unit: "memories", now: () => time });
  progress.update({ fraction: 0.01, count: 1 });
  time = 2000;
  progress.update({ fraction: 0.25, count: 5000 });
  time = 2050;
  progress.update({ fraction: 0.5, count: 9000 });
  progress[Symbol.dispose]();
  expect(drawn).toEqual(["Importing  █████░░░░░░░░░░░░░░░  25 %  5,000 memories  2,500/s  6 s left", ""]);
});

test("a run that knows how much there is shows a bar and its own words; another one counts", () => {
  const run = { run: "1", skill: "x.y", principal: "owner", unit: "bytes", note: "" };
  expect([
    howFar({ ...run, done: 25, total: 100, note: "1,200 added\u001b[2J" }, "Importing", 1_000, 0),
    howFar({ ...run, done: 1_500, total: null }, "Working", 1_000, 0),
    howFar({ ...run, done: 0, total: 0, unit: "" }, "Working", 1_000, 0),
  ]).toEqual([
    "Importing  █████░░░░░░░░░░░░░░░  25 %  1,200 added[U+001B][2J  3 s left",
    "⠋ Working  1,500 bytes",
    "Working  ████████████████████  100 %  0  0 s left",
  ]);
});
