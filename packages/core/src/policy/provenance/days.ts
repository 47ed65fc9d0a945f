import { isCalendarDay } from "../../model/wall-clock.ts";
import { months, monthWords } from "./months.ts";

const month = `(?<month>${monthWords})`;
const number = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`;
const year = String.raw`(?:,? (?<year>(?:19|20)\d{2}))?`;
const start = String.raw`(?<![\p{L}\p{N}.,/-])`;
const end = String.raw`(?![\p{L}\p{N}]|[.,:]\d)`;
/** "3 July", "3rd of July 2026"; "July 3rd, 2026"; "2026-07-03", which may go on with a time. */
const written = [
  new RegExp(`${start}${number}\\.? (?:of )?${month}\\.?${year}${end}`, "giu"),
  new RegExp(`${start}${month}\\.? (?:the )?${number}${year}${end}`, "giu"),
  new RegExp(String.raw`${start}(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?!\d|-\d)`, "gu"),
];
const relative: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tonight: 0, tomorrow: 1 };
const relatives =
  /(?<!\p{L})(?:(the day after )tomorrow|(the day before )yesterday|yesterday|today|tonight|tomorrow)(?!\p{L})/giu;
const clock =
  /(?<![\p{L}\p{N}.,:/-])(?:(?<hour>\d{1,2})[:.](?<minute>\d{2})(?::00)?|(?<=\bat )(?<plain>\d{1,2})|(?<short>\d{1,2})(?= ?(?:[ap]\.?m\b|o['’]clock)))(?: ?(?<half>[ap])\.?m\b)?(?![\p{L}\p{N}]|[.,:]\d)|\b(?<word>noon|midday|midnight)\b/giu;

interface Day {
  /** Not said, for most. */
  year?: number;
  month: number;
  day: number;
}

/** "Today is 2026-07-03", which may be a Friday: the owner says which day it is. */
const saysToday =
  /(?<!\p{L})today(?:['’]s date)?(?: is|:|,) ?(?:it is )?(?:\p{L}{3,9}day,? )?(?:the )?(?=[\p{L}\d])/giu;

const dayMs = 24 * 60 * 60 * 1000;

/** The days, and times of day, that a text names. */
export class Days {
  readonly #days: readonly Day[];
  readonly #relative: readonly number[];
  readonly #times: ReadonlySet<string>;
  #today: number | undefined;

  constructor(text: string) {
    this.#days = written.flatMap((form) => [...text.matchAll(form)].flatMap(dayOf));
    this.#relative = [...text.matchAll(relatives)].map(([words, after, before]) =>
      after ? 2 : before ? -2 : (relative[words.toLowerCase()] ?? 0),
    );
    this.#times = new Set([...text.matchAll(clock)].map(timeOf));
    this.#today = todayIn(text);
  }

  /** Which day it is, as a trusted answer has it: from then on, "tomorrow" is a day. */
  learn(today: string): void {
    this.#today = instantOf(today);
  }

  /** The same day as others know it to be. */
  learnFrom(others: Days): void {
    this.#today = others.#today;
  }

  /** Whether a date, or a time on it, lies on one of these days. */
  include(date: string): boolean {
    if (this.#days.length + this.#relative.length === 0) return false;
    const at = instantOf(date);
    if (at === undefined) return false;
    const today = this.#today;
    if (today !== undefined && this.#relative.some((days) => at === today + days * dayMs)) return true;
    const then = new Date(at);
    return this.#days.some(
      (each) =>
        then.getUTCMonth() + 1 === each.month &&
        then.getUTCDate() === each.day &&
        (each.year === undefined ? this.#isThisYear(at) : then.getUTCFullYear() === each.year),
    );
  }

  /** Whether a date is named: its day, and the time of day that it may have. */
  name(date: string): boolean {
    const time = timeIn(date);
    return this.include(date) && (time === undefined || this.#times.has(time));
  }

  /** A day without a year is the one nearest to today, where that is known. */
  #isThisYear(at: number): boolean {
    return this.#today === undefined || Math.abs(at - this.#today) <= 184 * dayMs;
  }
}

/** The time of day of a date: "10:30"; undefined where it has none. */
export const timeIn = (date: string): string | undefined => /[T ](\d{2}:\d{2})/u.exec(date)?.[1];

function instantOf(date: string): number | undefined {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:$|[T ]\d{2}:\d{2}(?::\d{2})?$)/u.exec(date) ?? [];
  return day !== undefined && isCalendarDay(day) ? Date.parse(`${day}T00:00:00Z`) : undefined;
}

/** Which day the owner says that it is, where they say one. */
function todayIn(text: string): number | undefined {
  const said = [...text.matchAll(saysToday)].flatMap(({ 0: phrase, index }) => {
    const after = text.slice(index + phrase.length, index + phrase.length + 40);
    const [day] = written.flatMap((form) =>
      [...after.matchAll(form)].filter((each) => each.index === 0).flatMap(dayOf),
    );
    return day?.year === undefined ? [] : [Date.UTC(day.year, day.month - 1, day.day)];
  });
  return new Set(said).size === 1 ? said[0] : undefined;
}

function dayOf({ groups = {} }: RegExpMatchArray): Day[] {
  const { year: years, month: name = "", day: days } = groups;
  const inWords = months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  const each = { month: inWords > 0 ? inWords : Number(name), day: Number(days) };
  if (each.day < 1 || each.day > 31 || each.month < 1 || each.month > 12) return [];
  return [years === undefined ? each : { ...each, year: Number(years) }];
}

function timeOf({ groups = {} }: RegExpMatchArray): string {
  const { word, hour, plain, short, minute = "00", half } = groups;
  if (word !== undefined) return word.toLowerCase() === "midnight" ? "00:00" : "12:00";
  const said = Number(hour ?? plain ?? short);
  const hours = half === undefined ? said : (said % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  return `${String(hours).padStart(2, "0")}:${minute}`;
}
