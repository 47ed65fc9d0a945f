import { expect, test } from "vitest";
import { textDiff } from "./text-diff.ts";

const shown = (before: string, after: string): string[] => textDiff(before, after).map(({ sign, text }) => sign + text);

test("a change is shown with three lines around it, the line that is gone before the one that came", () => {
  const lines = (what: string) => ["a", "b", "c", "d", what, "e", "f", "g", "h"].join("\n");
  expect(shown(lines("old"), lines("new"))).toEqual([" b", " c", " d", "-old", "+new", " e", " f", " g"]);
});

test.each([
  ["", "", []],
  ["", "one\ntwo\n", ["+one", "+two"]],
  ["one\ntwo", "", ["-one", "-two"]],
  ["same", "same\n", []],
  ["a\n\nb", "a\nb", [" a", "-", " b"]],
  ["-a", "+a", ["--a", "++a"]],
  ["a\r\nb", "a\nb", ["-a\r", "+a", " b"]],
])("%j became %j", (before, after, lines) => {
  expect(shown(before, after)).toEqual(lines);
});

test("where more differs than can be compared, both are shown whole", () => {
  const text = (word: string) => Array.from({ length: 3_000 }, (_, n) => `${word} ${n}\n`).join("");
  const lines = shown(text("before"), text("after"));
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([6_000, "-before 0", "+after 2999"]);
});
