import { shortId } from "@mh/core/model/short-id.ts";
import measure from "fast-string-truncated-width";
import { wrapAnsi } from "fast-wrap-ansi";

export { shortId };

/** The same for every id in a text. */
export const shortIds = (text: string): string =>
  text.replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, shortId);

/** Wraps text at word ends; a longer word is broken. A line that begins with blanks goes on below its first word. */
export function wrap(text: string, width: number, indent = ""): string {
  return text
    .replaceAll("\t", "    ")
    .split("\n")
    .flatMap((line) => {
      const [blanks = ""] = /^ */.exec(line) ?? [];
      const margin = indent + blanks;
      const room = Math.max(columnMin, width - columns(margin));
      const lines = wrapAnsi(line.slice(blanks.length), room, { hard: true }).split("\n");
      return lines.map((each) => (each === "" ? "" : margin + each));
    })
    .join("\n");
}

/** The same for those lines only that are too long: for text that is laid out already. */
export const narrow = (text: string, width: number): string =>
  text
    .split("\n")
    .map((line) => (columns(line) > width ? wrap(line, width) : line))
    .join("\n");

/** A label and a text that goes on below its own beginning. */
export function hang(label: string, text: string, width: number): string {
  const indent = " ".repeat(columns(label));
  return label + wrap(text, width, indent).slice(indent.length);
}

/** At most so many columns; what is missing shows as `…`. */
export function clip(text: string, width: number): string {
  if (columns(text) <= width) return text;
  const [beginning = ""] = wrapAnsi(text, width - 1, { hard: true, wordWrap: false, trim: false }).split("\n");
  return `${beginning}…`;
}

/**
 * Rows in columns. Where all is too wide, the last column is wrapped; where that leaves it too narrow, the widest of the
 * others are cut, with `…`.
 */
export function table(
  rows: readonly (readonly string[])[],
  width: number,
  { head }: { head?: readonly string[] } = {},
): string {
  const all = head ? [head, ...rows] : rows;
  const count = Math.max(0, ...all.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, n) => Math.max(...all.map((row) => columns(row[n] ?? ""))));
  const widths = fit(natural, width - gap.length * (count - 1));
  return all.map((row) => layRow(row, widths)).join("\n");
}

const gap = "  ";
const columnMin = 8;
const lastMin = 24;

function layRow(row: readonly string[], widths: readonly number[]): string {
  const before = widths.slice(0, -1).map((room, n) => pad(clip(row[n] ?? "", room), room) + gap);
  const margin = before.join("");
  const last = row[widths.length - 1] ?? "";
  return hang(margin, last, columns(margin) + (widths.at(-1) ?? 0)).trimEnd();
}

function fit(natural: readonly number[], room: number): number[] {
  const others = natural.slice(0, -1);
  const last = natural.at(-1) ?? 0;
  const left = () => room - others.reduce((sum, each) => sum + each, 0);
  while (left() < Math.min(last, lastMin)) {
    const widest = others.indexOf(Math.max(...others));
    if (widest < 0 || (others[widest] ?? 0) <= columnMin) break;
    others[widest] = (others[widest] ?? 0) - 1;
  }
  return [...others, Math.max(columnMin, Math.min(last, left()))];
}

const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - columns(text)));

/** Columns on a screen: two for a wide character, none for a colour. */
function columns(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : measure(text).width;
}
