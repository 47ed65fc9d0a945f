import type { EventTime } from "@mh/contract/values/memory.ts";
import type { ParsedComponents, ParsedResult } from "chrono-node";
import { instantOf, localOf, offsetMs } from "../../model/wall-clock.ts";
import { type Grain, relativeSpans } from "./relative.ts";
import { ofAllScripts } from "./scripts.ts";

export type DateExtractor = (text: string, at: Date, timeZone: string) => EventTime[];

/** A parser takes up to 5 ms for a thousand characters of figures. */
const charactersMax = 32_768;
const spansMax = 32;

/** Loads chrono-node (about 40 ms, so only where it is needed). The function it gives is synchronous and pure. */
export async function loadDates(): Promise<DateExtractor> {
  const { casual } = await import("chrono-node/en");
  return (text, at, timeZone) => {
    if (!mayNameTimes(text)) return [];
    const found: EventTime[] = [];
    for (const piece of pieces(text.slice(0, charactersMax))) {
      if (found.length >= spansMax) break;
      found.push(...read(piece, at, timeZone));
    }
    return found.slice(0, spansMax);
  };

  function read(text: string, at: Date, timeZone: string): EventTime[] {
    if (!mayNameTimes(text)) return [];
    const now = localOf(at.getTime(), timeZone);
    const own = relativeSpans(text, now)
      .map(({ from, to, ...rest }) => ({ ...rest, from: instantOf(from, timeZone), to: instantOf(to, timeZone) }))
      .filter((span, i, all) => !all.slice(0, i).some((earlier) => overlaps(earlier, span)));
    const reference = { instant: at, timezone: offsetMs(at.getTime(), timeZone) / 60_000 };
    const parsed = casual
      .parse(text, reference)
      .filter((result) => !own.some((span) => overlaps(span, result)) && isDate(text, result))
      .flatMap((result) => spanOf(result, timeZone));
    return [...own, ...parsed]
      .filter(({ from, to }) => from < to && from > earliestMs && to < latestMs)
      .sort((a, b) => a.index - b.index)
      .map(({ text: words, grain, from, to }) => ({ from: iso(from), to: iso(to), text: words, grain }));
  }
}

/** Most texts speak of no time at all: one look spares them the parsers, and their loading. */
export const mayNameTimes = (text: string): boolean =>
  timeWords.test(text) || (/\d/.test(text) && (timeNumbers(text).test(text) || numberedTimeWords.test(text)));

const timeWords =
  /\b(?:yesterday|today|tonight|tomorrow|tmr|ago|last|next|this|past|coming|earlier|back|from now|the day|noon|midnight|week|month|year|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|in (?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|few|several))/i;

// Digits that belong to a word, "3pm", "8 May"; a year after a word; and 8/5, 8.5., 5:30, 5/2023, 2023-05, 2023 5 8.
const timeNumbers = ofAllScripts(
  /\d{4}\s+\d|\d\s*[\p{L}'’]|\p{L}[\s,-]+(?:19|20)\d\d|\d\s*[./:：-]\s*\d{1,2}(?!\d)|\d\s*[/-]\s*\d{4}/u,
);
// These are read as a time only beside digits.
const numberedTimeWords =
  /hour|hr|min|sec|day|morn|noon|even|night|quarter|half|now|spring|summer|autumn|fall|winter|decade|moment|time|couple|\ban? [dhmswy]/i;

const earliestMs = Date.UTC(1000, 0);
const latestMs = Date.UTC(9999, 0);
const iso = (ms: number) => new Date(ms).toISOString();

/** A parser's rules may cost more than the text is long, so a long text is read in pieces, cut at white space. */
function pieces(text: string): string[] {
  return text.length <= 2_000 ? [text] : (text.match(/[\s\S]{1,1500}(?:\s|$)|[\s\S]{1,1500}/g) ?? []);
}

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
  if (!mayNameTimes(words)) return false;
  if (monthOrDay.test(words)) return cued && /^[A-Z]|^(?!may|mar|sat|sun|second)/.test(words);
  if (/^(?:may|mar|march|sat|sun)\b/.test(words) && subject.test(before)) return false;
  if (/^\d{1,2}[/.-]\d{1,2}$/.test(words)) return cued;
  const dated = (["year", "month", "day", "weekday"] as const).some((part) => start.isCertain(part));
  return dated || thisPart.test(words) || /\d:\d\d|\d ?[ap]\.?m/i.test(words);
}

const thisPart = /^(?:this|tonight)\b/i;

function spanOf({ index, text, start, end }: ParsedResult, timeZone: string) {
  const grain = thisPart.test(text) ? "day" : grainOf(start);
  const from = beginning(start, grain, timeZone, 0);
  const to = end ? ending(end, timeZone) : beginning(start, grain, timeZone, 1);
  return Number.isNaN(from) || Number.isNaN(to) ? [] : [{ index, text, grain, from, to }];
}

function grainOf(parts: ParsedComponents): Grain {
  if (parts.isCertain("hour")) return parts.isCertain("minute") && parts.get("minute") !== 0 ? "minute" : "hour";
  if (parts.isCertain("day") || parts.isCertain("weekday")) return "day";
  return parts.isCertain("month") ? "month" : "year";
}

/** A range of days includes its last one; a range of hours ends when its last one begins. */
function ending(parts: ParsedComponents, timeZone: string): number {
  const grain = grainOf(parts);
  return beginning(parts, grain, timeZone, grain === "hour" || grain === "minute" ? 0 : 1);
}

/** Where the stretch begins that the parts name, or the `later`-th one after it. */
function beginning(parts: ParsedComponents, grain: Grain, timeZone: string, later: number): number {
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
  if (grain === "year") return instantOf({ year: year + later, month: 0, day: 1, hour: 0, minute: 0 }, timeZone);
  if (grain === "month") return instantOf({ year, month: month + later, day: 1, hour: 0, minute: 0 }, timeZone);
  if (grain === "day") return instantOf({ year, month, day: day + later, hour: 0, minute: 0 }, timeZone);
  if (grain === "hour") return instantOf({ year, month, day, hour: hour + later, minute: 0 }, timeZone);
  return instantOf({ year, month, day, hour, minute: minute + later }, timeZone);
}
