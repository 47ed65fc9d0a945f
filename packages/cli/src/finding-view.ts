import { visible } from "@mh/contract/visible/visible.ts";
import type { Finding } from "@mh/host/home/check-home.ts";
import { hang, type Printer, wrap } from "./print.ts";

/** One finding of a doctor, with what to do about it. */
export function showFinding(print: Printer, { level, what, message, next }: Finding): void {
  const { green, red, yellow } = print.color;
  const mark = { ok: green("ok  "), warn: yellow("look"), bad: red("bad ") }[level];
  print.line(hang(`${mark}  ${visible(what).padEnd(10)} `, visible(message), print.width));
  if (next) print.line(wrap(visible(next), print.width, " ".repeat(17)));
}
