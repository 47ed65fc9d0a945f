import { invalid } from "../documents/markdown.ts";
import { slugOf } from "../memory/slug.ts";
import { isCalendarDay } from "../model/wall-clock.ts";

/** One thing that a section of the persona says: a point of a list, or a line of prose. */
export interface Entry {
  /** Its first and last line in the file, from 1. */
  line: number;
  lastLine: number;
  /** Without its bullet, its box and what stands in braces. */
  text: string;
  isPoint: boolean;
  /** What its box says; undefined where it has none. */
  box: "open" | "done" | "dropped" | undefined;
  /** The headings above it, the outermost first. */
  headings: readonly string[];
  /** The point whose part it is; undefined for an outermost one. */
  parent: Entry | undefined;
  indent: number;
  /** What stands in braces at its end: `{hard, weight 2}` is `hard` with an empty text and `weight` with "2". */
  marks: ReadonlyMap<string, string>;
  /** Tells it from the others of its section: `#key` in its braces, or else made of its text. */
  key: string;
}

/** Checks what stands behind a mark, and says what is wrong with it; undefined where nothing is. */
export type MarkCheck = (value: string) => string | undefined;

/** The marks of a section: none where braces are text there like any other. */
export type Marks = Readonly<Record<string, MarkCheck>>;

const boxes = { " ": "open", x: "done", X: "done", "-": "dropped" } as const;
const pointPattern = /^(?<indent>[ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(?<rest>.*)$/;
const boxPattern = /^\[(?<box>[^\]])\](?:[ \t]+|$)/;
const keyPattern = /^#[\p{L}\p{N}-]{1,60}$/u;

/**
 * What a section says, in its order. Everybody's Markdown is taken: points may be nested, headings and prose stand between
 * them, and code and comments are passed over. Throws `document.invalid` with the line where what stands in braces cannot be
 * read, or, where boxes mean something (`isBoxed`), a box.
 */
export function entriesIn(path: string, text: string, marks: Marks = {}, isBoxed = false): Entry[] {
  const entries: Entry[] = [];
  let above: { level: number; text: string }[] = [];
  const hidden = new Hidden();
  let open: Entry | undefined;
  /** The points that another one may be a part of, the innermost last. */
  const outer: Entry[] = [];
  for (const [n, raw] of linesOf(text).entries()) {
    const line = n + 1;
    if (hidden.hides(raw, line) || raw.trim() === "") {
      open = undefined;
      continue;
    }
    const heading = /^(#{1,6})[ \t]+(.*)$/.exec(raw);
    // One sign and a word is a tag.
    if (Object.keys(marks).length > 0 && /^#{2,6}[^#\s]/.test(raw))
      throw invalid(path, line, "a heading has a blank behind its signs");
    if (heading) {
      const level = heading[1]?.length ?? 1;
      above = [...above.filter((each) => each.level < level), { level, text: withoutClosing(heading[2] ?? "") }];
      open = undefined;
      // A heading ends a list: a point below it is nobody's part above.
      outer.length = 0;
      continue;
    }
    const point = pointPattern.exec(raw)?.groups;
    if (!point && open?.isPoint && /^[ \t]/.test(raw)) {
      open.text += ` ${raw.trim()}`;
      open.lastLine = line;
      continue;
    }
    const headings = above.map((each) => each.text);
    const indent = widthOf(point?.indent ?? "");
    if (point) while ((outer.at(-1)?.indent ?? -1) >= indent) outer.pop();
    open = {
      ...{ line, lastLine: line, text: point?.rest ?? raw.trim(), isPoint: point !== undefined, box: undefined },
      ...{ headings, parent: point && outer.at(-1), indent },
      ...{ marks: new Map(), key: "" },
    };
    entries.push(open);
    if (point) outer.push(open);
  }
  if (hidden.since !== undefined)
    throw invalid(path, hidden.since, "the code or comment that begins here has no end: nothing below it is read");
  for (const entry of entries) Object.assign(entry, readMarks(path, entry, marks, isBoxed));
  return entries;
}

/** A heading may be closed by blanks and more of its signs. */
function withoutClosing(heading: string): string {
  let end = heading.length;
  while (end > 0 && " \t#".includes(heading.charAt(end - 1))) end -= 1;
  return heading.slice(0, end);
}

export const linesOf = (text: string): string[] => text.replace(/^\uFEFF/, "").split(/\r?\n/);

const widthOf = (blanks: string): number => blanks.replaceAll("\t", "    ").length;

/** Lines that say nothing of the owner: code, and comments. */
class Hidden {
  #until: RegExp | undefined;
  /** The line in which it began and did not end yet. */
  since: number | undefined;

  hides(line: string, number: number): boolean {
    if (this.#until) {
      if (this.#until.test(line)) this.#until = this.since = undefined;
      return true;
    }
    const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence) this.#until = new RegExp(`^\\s*${fence[0]}{${fence.length},}\\s*$`);
    if (/^\s*<!--/.test(line) && !line.includes("-->")) this.#until = /-->/;
    if (this.#until) this.since = number;
    return fence !== undefined || /^\s*<!--/.test(line);
  }
}

function readMarks(
  path: string,
  entry: Entry,
  known: Marks,
  isBoxed: boolean,
): Pick<Entry, "text" | "box" | "marks" | "key"> {
  const { line } = entry;
  const found = entry.isPoint ? boxPattern.exec(entry.text) : null;
  const box = found?.groups?.box;
  const sign = box !== undefined && box in boxes ? (box as keyof typeof boxes) : undefined;
  if (isBoxed && box !== undefined && sign === undefined)
    throw invalid(path, line, `a box is [ ], [x] for done or [-] for given up, not [${box}]`);
  if (isBoxed && entry.isPoint && /^\[[ xX-]?\](?![ \t([:]|$)|^\[\]/.test(entry.text))
    throw invalid(path, line, "a box has a sign or a blank in it, and a blank behind it: - [ ] Ship it");
  const rest = found && sign ? entry.text.slice(found[0].length) : entry.text;
  const { text, marks, key } = bracesOf(path, line, rest, known);
  return { text, box: sign && boxes[sign], marks, key: key ?? slugOf(text) };
}

/** Takes apart what stands in braces at the end of a text, where a section has marks. */
function bracesOf(path: string, line: number, whole: string, known: Marks) {
  const names = Object.keys(known);
  const from = names.length === 0 ? -1 : whole.lastIndexOf("{");
  const marks = new Map<string, string>();
  if (from < 0) return { text: whole.trim(), marks, key: undefined };
  if (!whole.trimEnd().endsWith("}")) {
    const end = whole.indexOf("}", from);
    if (end >= 0 && hasMarks(whole.slice(from + 1, end), known))
      throw invalid(
        path,
        line,
        `what stands in braces counts at the end of the line only, and “${whole.slice(end + 1).trim()}” stands behind it`,
      );
    if (end >= 0) return { text: whole.trim(), marks, key: undefined };
    throw invalid(path, line, "the brace { is not closed");
  }
  let key: string | undefined;
  for (const part of whole
    .trimEnd()
    .slice(from + 1, -1)
    .split(",")
    .map((each) => each.trim())) {
    if (part === "") continue;
    if (part.startsWith("#")) {
      if (!keyPattern.test(part)) throw invalid(path, line, `${part} is no name: letters, digits and - after the #`);
      key = part.slice(1).toLowerCase();
      continue;
    }
    const [, name = "", value = ""] = /^([\p{L}-]+):?\s*(.*)$/su.exec(part) ?? [];
    const check = Object.hasOwn(known, name.toLowerCase()) ? known[name.toLowerCase()] : undefined;
    if (!check) throw invalid(path, line, `“${part}” is not known in braces here; ${names.join(", ")} and #name are`);
    const wrong = check(value.trim());
    if (wrong) throw invalid(path, line, `${name}: ${wrong}`);
    marks.set(name.toLowerCase(), value.trim());
  }
  return { text: whole.slice(0, from).trim(), marks, key };
}

/** Whether words in braces are meant as marks, and not as words. */
const hasMarks = (words: string, known: Marks): boolean =>
  words
    .split(",")
    .some((part) => Object.hasOwn(known, /^[\p{L}-]+(?=[:\s]|$)/u.exec(part.trim())?.[0].toLowerCase() ?? ""));

/** Entries whose names are told apart: throws where two of them have one. */
export function named(path: string, entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map<string, number>();
  for (const { key, line } of entries) {
    const other = seen.get(key);
    if (other !== undefined)
      throw invalid(path, line, `it has the name of line ${other}; write another one behind it, as {#${key}-2}`);
    seen.set(key, line);
  }
  return entries;
}

export const nothing: MarkCheck = (value) => (value === "" ? undefined : "nothing stands behind it");

export const isDay: MarkCheck = (value) => (isCalendarDay(value) ? undefined : "a day is written as 2026-05-31");

export const isNumberUpTo =
  (max: number): MarkCheck =>
  (value) =>
    /^\d{1,2}(\.\d{1,3})?$/.test(value) && Number(value) <= max ? undefined : `a number from 0 to ${max}`;
