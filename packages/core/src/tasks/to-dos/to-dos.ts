import { loadTimes, type ReadTime, type ReadTimes } from "../../memory/extract/read-times.ts";
import { instantOf } from "../../model/wall-clock.ts";
import { dateMarks, withoutMarks } from "./date-marks.ts";
import { promisedIn } from "./promised.ts";

/** Something that a text says is still to be done. */
export interface ToDo {
  title: string;
  /** A day or a time on the owner's wall: `2026-11-27`, `2026-11-27T15:00`. */
  due?: string;
  /** The line or sentence that says so. */
  quote: string;
  /** Marked as an open task, or told in the first person: "I have to …". */
  kind: "marked" | "told";
}
export type ReadToDos = (text: string, setting: { at: Date; timeZone: string }) => ToDo[];

const linesMax = 5_000;
const toDosMax = 200;
const titleMax = 300;

/** Reads what a text says is to be done. The function it gives is synchronous and pure. */
export async function loadToDos(): Promise<ReadToDos> {
  const times = await loadTimes();
  return (text, setting) => {
    if (!mayHaveToDos(text)) return [];
    const found = [...marked(text), ...promisedIn(text).map((each) => ({ ...each, kind: "told" as const }))];
    return found.slice(0, toDosMax).flatMap((each) => dated(each, times, setting));
  };
}

/** Most texts have none: one look spares them the parsers. */
export const mayHaveToDos = (text: string): boolean => mayHaveMarks(text) || toldHint.test(text);

/** Whether a text may have an open task that is marked as one. */
export const mayHaveMarks = (text: string): boolean => text.includes("[ ]") || words.test(text);
const words = /\b(?:TODO|DOING|NOW|LATER|WAIT)/;
const toldHint =
  /\b(?:have|need|got) to\b|\b(?:must|gotta|forget|remember)\b|\b(?:muss|vergessen)\b|\bdois\b|\b(?:tengo|tenho) (?:que|de)\b/i;

interface Written {
  title: string;
  quote: string;
  /** Dates that stand on lines of their own below it. */
  below?: string;
  kind: ToDo["kind"];
}

// "- [ ] call Ann", also within a quoted block, as in callouts.
const box = /^\s*(?:>\s*)*(?:[-*+]|\d{1,3}[.)])\s+\[ \]\s+(\S.{0,1000})$/;
// Outliners' words for an open task: "- TODO buy rope", "* TODO [#A] buy rope"; as a heading's last part, too.
const word = /^\s*(?:[-+]|\*{1,20}|#{1,6})\s+(?:TODO|DOING|NOW|LATER|WAITING|WAIT)\s+(?:\[#[A-Z]\]\s*)?(\S.{0,1000})$/;
const bare = /^(?:.{0,300} › )?TODO:?\s+(?:\[#[A-Z]\]\s*)?(\S.{0,1000})$/;
const planned = /^\s*(?:DEADLINE|SCHEDULED):/;

function marked(text: string): Written[] {
  const lines = text.split(/\r\n?|\n/).slice(0, linesMax);
  const found: Written[] = [];
  let isCode = false;
  for (const [n, line] of lines.entries()) {
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
    if (isCode) continue;
    const title = (box.exec(line) ?? word.exec(line) ?? bare.exec(line))?.[1];
    if (title === undefined) continue;
    // A heading's plan may stand behind an empty line.
    const after = lines.slice(n + 1, n + 4).filter((each) => each.trim() !== "");
    const plans = after.slice(
      0,
      Math.max(
        0,
        after.findIndex((each) => !planned.test(each)),
      ) || after.length,
    );
    const below = plans.filter((each) => planned.test(each)).join(" ");
    found.push({ title, quote: line.trim().slice(0, titleMax), kind: "marked", ...(below && { below }) });
  }
  return found;
}

/** What is left of the words once the date is taken out; nothing where these are no words. */
function dated(
  { title, quote, below = "", kind }: Written,
  times: ReadTimes,
  { at, timeZone }: { at: Date; timeZone: string },
): ToDo[] {
  const marks = dateMarks(`${title} ${below}`);
  const bare = plainWords(withoutMarks(title));
  const said = marks === undefined ? timesIn(bare, times, at, timeZone) : [];
  const [only] = said.length === 1 ? said : [];
  const due = marks ?? (only && writtenDay(only));
  const words = only ? withoutTime(bare, only) : bare;
  const kept = (words.length < 2 ? bare : words)
    .slice(0, titleMax)
    .toWellFormed()
    .replace(/(?<![.;,!\s])[.;,!\s]+$/, "")
    .trim();
  if (!/\p{L}/u.test(kept)) return [];
  return [{ title: kept, quote: quote.toWellFormed(), kind, ...(due !== undefined && { due }) }];
}

const timesIn = (text: string, read: ReadTimes, at: Date, timeZone: string): ReadTime[] =>
  read(text, { at, timeZone, toward: "future" }).filter(
    (time) => time.grain !== "month" && time.grain !== "year" && instantOf(time.to, timeZone) > at.getTime(),
  );

function writtenDay({ from, to, grain, point }: ReadTime): string {
  // Of a week its last day is meant.
  const meant = grain === "week" ? { ...to, day: to.day - 1 } : (point ?? from);
  const text = new Date(Date.UTC(meant.year, meant.month, meant.day, meant.hour, meant.minute)).toISOString();
  return grain === "hour" || grain === "minute" ? text.slice(0, 16) : text.slice(0, 10);
}

/** A time at the end or the beginning says when; one in the middle is part of what is said. */
function withoutTime(text: string, { index, text: words }: ReadTime): string {
  const before = text
    .slice(0, index)
    .replace(/(?<!\s)\s*\b(?:by|until|till|due|on|at|before|bis(?: zum)?|am|spätestens|@)\s*$/i, "");
  const after = text.slice(index + words.length);
  if (/^[\s.,;!)]*$/.test(after)) return before.replace(/(?<![\s,;:(–-])[\s,;:(–-]+$/, "");
  return /^\s*$/.test(before) ? after.replace(/^[\s,;:–-]+/, "") : text;
}

/** Links by their words, without marks of emphasis and of a block. */
const plainWords = (text: string): string =>
  text
    .replace(/\[\[(?:[^[\]|\n]{1,300}\|)?([^[\]|\n]{1,300})\]\]/g, "$1")
    .replace(/\[([^[\]\n]{1,300})\]\([^()\n]{1,1000}\)/g, "$1")
    .replace(/(?<![\p{L}\p{N}])(\*\*|__|==|~~|[*_`])(?=\S)([^\n]{1,300}?)(?<=\S)\1(?![\p{L}\p{N}])/gu, "$2")
    .replace(/\s\^[\w-]{1,60}$/, "")
    .replace(/\s+/g, " ")
    .trim();
