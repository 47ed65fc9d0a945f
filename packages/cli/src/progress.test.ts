import { expect, test } from "vitest";
import { makeProgress } from "./progress.ts";

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
