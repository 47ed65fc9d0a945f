import type { Chrono, ParsedComponents, ParsedResult, ParsingReference } from "chrono-node";
import { placeOf } from "../../model/place.ts";
import { instantOf, type Local, localOf, offsetMs } from "../../model/wall-clock.ts";
import { namedDayRules } from "./named-days.ts";
import { type MayMatch, mayMatchIn } from "./needed-words.ts";
import { withHourOfPart } from "./part-of-day.ts";
import { relativeRules } from "./relative.ts";
import type { Rule } from "./rule.ts";
import { ofAllScripts } from "./scripts.ts";
import type { Grain, Said, Stretch, Toward } from "./stretches.ts";
import { withTimeOfDay } from "./time-of-day.ts";

/** A time that words in a text name: what it spans on the owner's wall, and where it stands. */
export interface ReadTime extends Stretch {
  index: number;
  text: string;
}
export interface Setting {
  at: Date;
  timeZone: string;
  toward: Toward;
  /** The words are a time or nothing: doubtful ones are read, too. */
  isAlone?: boolean;
  /** Further rules, for what is a time in such a place only. */
  more?: readonly Rule[];
}
export type ReadTimes = (text: string, setting: Setting) => ReadTime[];

/**
 * The one reader of times that people write, in English and German, for texts, questions, filters and due dates. Loads
 * chrono-node (about 40 ms, so only where it is needed). The function it gives is synchronous and pure: the times in the
 * order in which they stand, none of which overlap.
 */
export async function loadTimes(): Promise<ReadTimes> {
  const { Chrono, casual, GB } = await import("chrono-node/en");
  let read = 0;
  return (text, { at, timeZone, toward, isAlone = false, more = [] }) => {
    const isEnglish = mayNameEnglish(text) || isAlone;
    if (!isEnglish && more.length === 0 && !germanTimeWords.test(text)) return [];
    const { weekStart, isMonthFirst } = placeOf(timeZone);
    const said: Said = { now: { ...localOf(at.getTime(), timeZone), weekStart }, toward };
    const mayMatch = read++ < textsBefore ? () => true : mayMatchIn(text);
    const own = ownTimes(text, said, [...rules, ...more], mayMatch);
    const reference = { instant: at, timezone: offsetMs(at.getTime(), timeZone) / 60_000 };
    const english = isMonthFirst === false ? GB : casual;
    const parsed = (isEnglish ? parse(english, text, reference, mayMatch) : [])
      .filter((result) => !own.some((each) => overlaps(each, result)) && (isAlone || isDate(text, result)))
      .flatMap((result) => timeOf(result, said, timeZone));
    return [...own, ...parsed]
      .map((time) => withHourOfPart(time, said.now))
      .filter(({ from, to }) => instantOf(from, timeZone) < instantOf(to, timeZone))
      .sort((a, b) => a.index - b.index);
  };

  /** What chrono-node finds, without those of its parsers that find nothing. */
  function parse({ parsers, refiners }: Chrono, text: string, reference: ParsingReference, mayMatch: MayMatch) {
    const finding = parsers.filter((parser) => mayMatch(patternOf(parser)));
    return finding.length === 0 ? [] : new Chrono({ parsers: finding, refiners }).parse(text, reference);
  }
}

type Parser = Chrono["parsers"][number];
const patterns = new WeakMap<Parser, RegExp>();

/** A parser's pattern depends on no text, and of the options on none that are given here. */
function patternOf(parser: Parser): RegExp {
  const known = patterns.get(parser);
  if (known) return known;
  const pattern = parser.pattern({ text: "", option: {} } as unknown as Parameters<Parser["pattern"]>[0]);
  patterns.set(parser, pattern);
  return pattern;
}

/** To learn what the patterns need takes as long as to try them on some texts. */
const textsBefore = 8;

const rules: readonly Rule[] = [...relativeRules, ...namedDayRules];

/** Where rules overlap, the longer words are meant. */
function ownTimes(text: string, said: Said, all: readonly Rule[], mayMatch: MayMatch): ReadTime[] {
  const found: ReadTime[] = [];
  for (const { pattern, read } of all) {
    if (!mayMatch(pattern)) continue;
    for (const match of text.matchAll(pattern)) {
      const stretch = read(match, said);
      if (stretch) found.push(withTimeOfDay(text, { index: match.index, text: match[0], ...stretch }));
    }
  }
  found.sort((a, b) => b.text.length - a.text.length || a.index - b.index);
  return found.filter((each, i) => !found.slice(0, i).some((longer) => overlaps(longer, each)));
}

/** Most texts speak of no time at all: one look spares them the parsers, and their loading. */
export const mayNameTimes = (text: string): boolean => mayNameEnglish(text) || germanTimeWords.test(text);

const mayNameEnglish = (text: string): boolean =>
  timeWords.test(text) || (/\d/.test(text) && (timeNumbers(text).test(text) || numberedTimeWords.test(text)));

const timeWords =
  /\b(?:yesterday|today|tonight|tomorrow|tmr|ago|last|next|this|past|coming|earlier|back|from now|the day|noon|midnight|week|fortnight|month|year|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|in (?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|few|several))/i;

const germanTimeWords =
  /gestern|heute|morgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|woche|monat|jahr|nächste|letzte|vergangene|vorige|kommende|jänner|januar|februar|märz|maerz|mai\b|juni|juli|oktober|dezember|frühling|sommer|herbst|winter|\bvor \w|\bin .{1,12} tagen|\b(?:am|bis|zum|vom|seit|ab) \d|\d\.\s?(?:[a-zä]|\d)/i;

// Digits that belong to a word, "3pm", "8 May"; a year after a word; and 8/5, 8.5., 5:30, 5/2023, 2023-05, 2023 5 8.
const timeNumbers = ofAllScripts(
  /\d{4}\s+\d|\d\s*[\p{L}'’]|\p{L}[\s,-]+(?:19|20)\d\d|\d\s*[./:：-]\s*\d{1,2}(?!\d)|\d\s*[/-]\s*\d{4}/u,
);
// These are read as a time only beside digits.
const numberedTimeWords =
  /hour|hr|min|sec|day|morn|noon|even|night|quarter|half|now|spring|summer|autumn|fall|winter|decade|moment|time|couple|\ban? [dhmswy]/i;

function overlaps(a: { index: number; text: string }, b: { index: number; text: string }): boolean {
  return a.index < b.index + b.text.length && b.index < a.index + a.text.length;
}

const cue =
  /\b(?:in|on|last|next|this|since|until|till|by|of|from|before|after|early|late|mid|due|between|and|to)[ -]$/i;
const subject = /\b(?:i|you|we|they|he|she|it|who|that|this|which)\s$/i;
const monthOrDay =
  /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|march|second)\.?$/i;

/** Keeps out what only looks like a time: "may", "sat", "a second", "1/2 cup", "for five years", "now"; a list's "- 5 minutes". */
function isDate(text: string, { text: words, index, start }: ParsedResult): boolean {
  const before = text.slice(Math.max(0, index - 12), index);
  const cued = cue.test(before) || /^(?:on|in|last|next|this|by|since)\s/i.test(words);
  if (/^(?:now|for\s.*|.*\b(?:seconds?|moment|sec)\b.*|.*\bin an? min(?:ute)?)$/i.test(words)) return false;
  if (/^[+-]\s/.test(words)) return false;
  // "in the d", "in half h": what names no time without the text around it does not name one inside it.
  if (!mayNameEnglish(words)) return false;
  if (monthOrDay.test(words)) return cued && /^[A-Z]|^(?!may|mar|sat|sun|second)/.test(words);
  if (/^(?:may|mar|march|sat|sun)\b/.test(words) && subject.test(before)) return false;
  if (/^\d{1,2}[/.-]\d{1,2}$/.test(words)) return cued;
  const dated = (["year", "month", "day", "weekday"] as const).some((part) => start.isCertain(part));
  return dated || thisPart.test(words) || /\d:\d\d|\d ?[ap]\.?m/i.test(words);
}

const thisPart = /^(?:this|tonight)\b/i;

function timeOf({ index, text, start, end }: ParsedResult, said: Said, timeZone: string): ReadTime[] {
  const grain = thisPart.test(text) ? "day" : grainOf(start);
  const from = beginning(start, grain, timeZone, 0);
  const to = end ? ending(end, timeZone) : beginning(start, grain, timeZone, 1);
  if (!isWhole(from) || !isWhole(to)) return [];
  const moved = isSettled(text, start) ? { from, to } : toward({ from, to }, start, said);
  return [{ index, text, grain, ...moved }];
}

const isWhole = (local: Local): boolean => Object.values(local).every((part) => !Number.isNaN(part));

/** Whether the words say themselves which of several it is. */
function isSettled(text: string, start: ParsedComponents): boolean {
  if (start.isCertain("year")) return true;
  return /\b(?:last|past|this|next|coming|ago|earlier|back|today|tonight|yesterday|tomorrow|tmr|now|in|after|before)\b.*\w/i.test(
    text.replace(/^(?:in|on)\s/i, ""),
  );
}

/** chrono-node takes the nearest weekday and year; where it is known which way is meant, that one. */
function toward(stretch: Pick<Stretch, "from" | "to">, start: ParsedComponents, { now, toward }: Said) {
  const { from, to } = stretch;
  const today = Date.UTC(now.year, now.month, now.day);
  const begins = Date.UTC(from.year, from.month, from.day);
  const isMonth = start.isCertain("month");
  const by = (sign: 1 | -1) => (local: Local) =>
    isMonth ? { ...local, year: local.year + sign } : { ...local, day: local.day + 7 * sign };
  if (!isMonth && !start.isCertain("weekday")) return stretch;
  // Today is a weekday to come; said of the past, it is the one before.
  const isAhead = isMonth ? begins > today : begins >= today;
  if (toward === "past" && isAhead) return { from: by(-1)(from), to: by(-1)(to) };
  const isOver = Date.UTC(to.year, to.month, to.day, to.hour, to.minute) <= today;
  if (toward === "future" && isOver) return { from: by(1)(from), to: by(1)(to) };
  return stretch;
}

function grainOf(parts: ParsedComponents): Grain {
  if (parts.isCertain("hour")) return parts.isCertain("minute") && parts.get("minute") !== 0 ? "minute" : "hour";
  if (parts.isCertain("day") || parts.isCertain("weekday")) return "day";
  return parts.isCertain("month") ? "month" : "year";
}

/** A range of days includes its last one; a range of hours ends when its last one begins. */
function ending(parts: ParsedComponents, timeZone: string): Local {
  const grain = grainOf(parts);
  return beginning(parts, grain, timeZone, grain === "hour" || grain === "minute" ? 0 : 1);
}

/** Where the stretch begins that the parts name, or the `later`-th one after it. */
function beginning(parts: ParsedComponents, grain: Grain, timeZone: string, later: number): Local {
  // A named offset ("5pm EST") is not the owner's: then the instant decides.
  const local = parts.isCertain("timezoneOffset")
    ? localOf(parts.date().getTime(), timeZone)
    : {
        year: parts.get("year") ?? Number.NaN,
        month: (parts.get("month") ?? Number.NaN) - 1,
        day: parts.get("day") ?? Number.NaN,
        hour: parts.get("hour") ?? 0,
        minute: parts.get("minute") ?? 0,
      };
  const { year, month, day, hour, minute } = local;
  if (grain === "year") return { year: year + later, month: 0, day: 1, hour: 0, minute: 0 };
  if (grain === "month") return { year, month: month + later, day: 1, hour: 0, minute: 0 };
  if (grain === "day") return { year, month, day: day + later, hour: 0, minute: 0 };
  if (grain === "hour") return { year, month, day, hour: hour + later, minute: 0 };
  return { year, month, day, hour, minute: minute + later };
}
