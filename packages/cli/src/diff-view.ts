import type { DiffLine } from "@mh/contract/values/diff.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Printer } from "./printer.ts";

/** Prints what became of a text, line by line. */
export function tellDiff(print: Printer, diff: readonly DiffLine[], indent = ""): void {
  const { green, red } = print.color;
  for (const { sign, text } of diff) {
    const line = `${indent}${sign} ${visible(text, { multiline: true })}`;
    print.line(sign === "+" ? green(line) : sign === "-" ? red(line) : line);
  }
}
