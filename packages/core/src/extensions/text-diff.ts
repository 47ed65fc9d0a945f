import type { DiffLine } from "@mh/contract/values/diff.ts";
import { structuredPatch } from "diff";

/** More lines than that are not compared: the time grows with the square of what differs. */
const editsMax = 2_000;

/** What became of a text, line by line, with three lines around each change. Where too much differs, both are given whole. */
export function textDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [ended(before), ended(after)];
  const patch = structuredPatch("", "", a, b, "", "", { context: 3, maxEditLength: editsMax });
  const lines = patch?.hunks.flatMap((hunk) => hunk.lines) ?? [...linesOf("-", a), ...linesOf("+", b)];
  return lines.map((line) => ({ sign: line[0] as DiffLine["sign"], text: line.slice(1) }));
}

/** A last line without its line break is no difference. */
const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

const linesOf = (sign: string, text: string): string[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => sign + line);
