import { isDayOfMonth } from "../../model/wall-clock.ts";
import { type Rule, rule } from "./rule.ts";
import {
  days,
  daysIn,
  intoWeek,
  meant,
  midnight,
  months,
  type Now,
  nthWeekday,
  type Said,
  type Stretch,
  unitAway,
  weekdayFrom,
  weekdayToward,
} from "./stretches.ts";
import * as words from "./time-words.ts";

const { direction, directionOf, englishWeekday, germanMonth, germanWeekday, month, monthOf, ordinal, weekdayIndex } =
  words;

const the = "(?:the |der |die |das |den |dem |am |im )?";
const untilCue = "(?:by|until|till|due|bis|spätestens)(?: on| zum| am)?(?: the)? ";
const dayCue =
  "(?:on|by|until|till|since|from|before|after|due|am|bis(?: zum)?|zum|vom|seit(?: dem)?|ab(?: dem)?|den|dem)";
const th = "(?:st|nd|rd|th|\\.)?";
const yearTold = "(?:,? ((?:19|20)\\d\\d)(?![-/.:]?\\d|%))?";
const ofThe = "(?:of )?";
const between = "(?:(?:between|from|zwischen|vom)(?: the| dem)? )?";
const and = " ?(?:and|to|until|till|bis|und|-|–) ?(?:the |zum |dem )?";
const dots = "(\\d{1,2})\\.(\\d{1,2})\\.?((?:19|20)?\\d\\d)?";
const weeks =
  "(week|fortnight|(?:a|one|two|three|2|3) weeks?|(?:einer|zwei|drei) wochen?|(?:acht|8|vierzehn|14) tagen)";
const weeksLater = `(?:(?:in |over )?${weeks})`;
const weeksOn = `(?:(?:a |one )?${weeks} )`;
const dayOrWeek = `(${englishWeekday.slice(1, -1)}|${germanWeekday.slice(1, -1)}|weekend|wochenende|week|woche|day|tag)`;
/** What may follow "the 15th" where it is a day: no floor and no try. */
const noNoun =
  "(?= *(?:$|[,;:!?)\\n]|[.](?:\\s|$)| (?:at|in|and|to|for|with|from|is|was|are|i|we|he|she|they|it|you|there|will|my|our|um|hat|habe|war|ist|gab|und|ging|kommt|wird)\\b))";

/** Days, weekends and parts of a month by name: "the first weekend of May", "31.12.", "am 14. Oktober", "by Friday". */
export const namedDayRules: readonly Rule[] = [
  rule(`${the}${ordinal} ${dayOrWeek} (?:of|in|im|des|vom) ${ofMonth()}`, (m, said) =>
    monthMeant(m.slice(3, 6), said, (year, index) => nthOf(year, index, words.ordinalOf(m[1]), m[2] ?? "")),
  ),
  rule(
    `(early|mid|late|${the}(?:beginning|start|middle|end) of|anfang|mitte|ende)[ -](?:des |im )?${ofMonth()}`,
    (m, said) => monthMeant(m.slice(2, 5), said, (year, index) => partOf(year, index, m[1] ?? "")),
  ),
  rule(
    `${between}(\\d{1,2})${th} ${ofThe}${month}${yearTold}${and}(\\d{1,2})${th} ${ofThe}${month}${yearTold}`,
    (m, said) =>
      monthMeant([m[5], undefined, m[6] ?? m[3]], said, (year, index) => {
        const began = Number(m[3] ?? (monthOf(m[2]) > index ? year - 1 : year));
        return fromTo(dayNamed(began, monthOf(m[2]), Number(m[1])), dayNamed(year, index, Number(m[4])));
      }),
  ),
  rule(`${between}(\\d{1,2})${th}${and}(\\d{1,2})${th} ${ofThe}${month}${yearTold}`, (m, said) =>
    monthMeant([m[3], undefined, m[4]], said, (year, index) =>
      fromTo(dayNamed(year, index, Number(m[1])), dayNamed(year, index, Number(m[2]))),
    ),
  ),
  rule(`(?:${untilCue})?(?:${the}${germanWeekday},? )?${the}(\\d{1,2})\\. ?${germanMonth}${yearTold}`, (m, said) =>
    monthMeant([m[3], undefined, m[4]], towardOf(m[0], said), (year, index) => dayNamed(year, index, Number(m[2]))),
  ),
  rule(`${untilCue}(\\d{1,2})${th} ${ofThe}${month}(?!,? \\d{4})`, (m, said) =>
    monthMeant([m[2]], towardOf(m[0], said), (year, index) => dayNamed(year, index, Number(m[1]))),
  ),
  rule(`${untilCue}${month} (\\d{1,2})(?:st|nd|rd|th)?(?!,? \\d{4}|[:.]\\d)`, (m, said) =>
    monthMeant([m[1]], towardOf(m[0], said), (year, index) => dayNamed(year, index, Number(m[2]))),
  ),
  // "from 2.10", "ab 2.50": a number, where no second point says that it is a day.
  rule(`(?:${dayCue} (?=\\d+\\.\\d+\\.)|(?:am|zum) |${germanWeekday},? (?:den |dem )?)${dots}(?!\\.?\\d)`, (m, said) =>
    dotted(m.slice(2), towardOf(m[0], said)),
  ),
  rule(`(?<=^|\\n)(\\d{1,2})\\.(\\d{1,2})\\.((?:19|20)?\\d\\d)?(?!\\.?\\d)`, (m, said) => dotted(m.slice(1), said)),
  rule(`${dayCue} the (\\d{1,2})(?:st|nd|rd|th)${noNoun}`, (m, said) => dayOfMonth(Number(m[1]), towardOf(m[0], said))),
  rule(`(?:am|den|dem|zum|vom|bis(?: zum| am)?|seit dem|ab dem) (\\d{1,2})\\.${noNoun}`, (m, said) =>
    dayOfMonth(Number(m[1]), towardOf(m[0], said)),
  ),
  rule(`${untilCue}(?:the )?${englishWeekday}`, (m, said) => weekdayNamed(undefined, m[1], towardOf(m[0], said))),
  rule(
    `(jede[nmrs]? )?(?:(?:am|seit|ab|bis(?: zum)?|spätestens) )?(?:${direction} )?${germanWeekday}(?: ?${words.partOfDay})?`,
    ([text, each, which, name], said) => (each ? undefined : weekdayNamed(which, name, towardOf(text, said))),
  ),
  rule(`(?:${the}(?:${englishWeekday}|${germanWeekday}),? )(?:of |in |der )?${direction} (?:week|woche)`, (m, said) =>
    weekdayIn(m[1] ?? m[2], m[3], said),
  ),
  rule(`${direction} (?:week|woche)(?: on| am|,)? (?:${englishWeekday}|${germanWeekday})`, (m, said) =>
    weekdayIn(m[2] ?? m[3], m[1], said),
  ),
  // chrono-node takes the nearest year, and there may be no such day in it.
  rule(`${the}29${th} ${ofThe}feb(?:ruary)?(?!,? \\d{4})|feb(?:ruary)?\\.? 29(?:th)?(?!,? \\d{4}|[:.]\\d)`, (_, said) =>
    monthMeant(["feb"], said, (year, index) => dayNamed(year, index, 29)),
  ),
  rule(`${direction} ${month}(?! \\d)`, ([, which, name], said) => monthNamed(which, name, said)),
  rule(`(?:by|until|till|bis) ${month}(?! \\d)`, ([text, name], said) =>
    monthNamed(undefined, name, towardOf(text, said)),
  ),
  rule(`(?:im|seit|ab|bis|vom|zum) ${germanMonth}(?!,? \\d)`, ([, name], said) => monthNamed(undefined, name, said)),
  rule(
    `(?:(?:im|seit|ab|bis) ${germanMonth}|(?<!\\d\\.? ?)(jänner|januar|februar|märz|mai|juni|juli|oktober|dezember)) ((?:19|20)\\d\\d)(?![-/.:]?\\d|%)`,
    ([, cued, name, year]) => months(Number(year), monthOf(cued ?? name), 1, "month"),
  ),
];

/** Words that are a time in a question, but tell of none in a text: before 2021 nothing happened in 2021. */
export const askedRules: readonly Rule[] = [
  rule(`(?:am|at the|on the|over the) (?:wochenende|weekend)`, (_, said) =>
    meant(said, (offset) => unitAway(said.now, "weekend", offset)),
  ),
  rule(`in ${words.number} ${words.unit}`, ([, count, name], { now, toward }) =>
    toward === "past" ? undefined : unitAway(now, words.unitOf(name), words.amount(count)),
  ),
  rule(`(?:in )?(?:der )?(?:kw|kalenderwoche) ?(\\d{1,2})(?:[ /]((?:19|20)\\d\\d))?`, ([, week, year], said) =>
    year === undefined
      ? meant(said, (offset) => weekOf(said.now.year + offset, Number(week)))
      : weekOf(Number(year), Number(week)),
  ),
  rule(`(?:im |in |the |in the )?${direction} (?:quarter|quartal)s?`, ([, which], { now }) =>
    months(now.year, 3 * (Math.floor(now.month / 3) + directionOf(which)), 3, "month"),
  ),
  rule(`(?:before|after|vor|nach) ${words.year}`, ([, year]) => months(Number(year), 0, 12, "year")),
];

/** A week of ISO 8601: the first of a year is that of 4 January. */
function weekOf(year: number, week: number): Stretch {
  const fourth = midnight(year, 0, 4);
  return days({ year, month: 0 }, 4 - weekdayFrom(fourth) + 7 * (week - 1), 7, "week");
}

/** Words that are such a time only where nothing else is said: "Fr", "31.12", "the 15th", "Tuesday week", "Dec 5th". */
export const bareRules: readonly Rule[] = [
  rule(`(?:on )?${the}(?:${englishWeekday}|${germanWeekday}) ${weeksLater}`, (m, said) =>
    later(weekdayNamed(undefined, m[1] ?? m[2], { ...said, toward: "future" }), weeksIn(m[3])),
  ),
  rule(`${weeksOn}(?:on|from) (?:${englishWeekday}|${germanWeekday})`, (m, said) =>
    later(weekdayNamed(undefined, m[2] ?? m[3], { ...said, toward: "future" }), weeksIn(m[1])),
  ),
  rule(`${the}(\\d{1,2})${th} ${ofThe}${month}${yearTold}`, (m, said) =>
    monthMeant([m[2], undefined, m[3]], said, (year, index) => dayNamed(year, index, Number(m[1]))),
  ),
  rule(`${month} ${the}(\\d{1,2})${th}${yearTold}`, (m, said) =>
    monthMeant([m[1], undefined, m[3]], said, (year, index) => dayNamed(year, index, Number(m[2]))),
  ),
  rule(`q([1-4])(?: ?((?:19|20)\\d\\d))?`, ([, quarter, year], said) => {
    const of = (told: number) => months(told, 3 * (Number(quarter) - 1), 3, "month");
    return year === undefined ? meant(said, (offset) => of(said.now.year + offset)) : of(Number(year));
  }),
  rule(`(?<![-/.]\\s?)${words.year}`, ([, year]) => months(Number(year), 0, 12, "year")),
  rule(`(?:${the})${words.shortGermanWeekday}`, (m, said) => weekdayToward(said, weekdayIndex(m[1]))),
  rule(dots, (m, said) => dotted(m.slice(1), said)),
  rule(`(?:the )?(\\d{1,2})(?:st|nd|rd|th|\\.)`, (m, said) => dayOfMonth(Number(m[1]), said)),
  rule(`(?:${direction} )?${englishWeekday}`, ([, which, name], said) => weekdayNamed(which, name, said)),
];

/** In German eight days are a week. */
function weeksIn(words = ""): number {
  if (/fortnight|two|zwei|2|14|vierzehn/i.test(words)) return 2;
  return /three|drei|3/i.test(words) ? 3 : 1;
}

const later = (stretch: Stretch, weeks: number): Stretch => shifted(stretch, 7 * weeks);

/** A day of this week, the one before or the one after. */
const weekdayIn = (name: string | undefined, which: string | undefined, { now }: Said): Stretch =>
  shifted(weekdayAway(0, weekdayIndex(name), { now, toward: "near" }), 7 * directionOf(which));

const cued = new RegExp(`^${untilCue}`, "i");
/** A limit lies ahead, whatever the rest of a text speaks of. */
const towardOf = (text: string, said: Said): Said => (cued.test(text) ? { ...said, toward: "future" } : said);

/** Two groups that name a month, and one for the year. */
function ofMonth(): string {
  return `(?:(?:the )?${month}|(?:the |des )?((?:(?:this|next|last|nächsten|letzten|diese[sn]) )?month|(?:(?:nächsten|letzten|diese[sn]) )?monat(?:e?s)?))${yearTold}`;
}

/** The name of a month, or how it lies to this one; and its year. */
type MonthTold = readonly (string | undefined)[];

/** The month that is meant, by what `of` makes of it: nothing where there is no such day in it. */
function monthMeant(
  [name, relative, year]: MonthTold,
  said: Said,
  of: (year: number, month: number) => Stretch | undefined,
) {
  if (relative !== undefined) {
    const { now } = said;
    const first = midnight(now.year, now.month + directionOf(relative), 1);
    return of(first.year + Math.floor(first.month / 12), ((first.month % 12) + 12) % 12);
  }
  return ofYear(monthOf(name), year, said, of);
}

/** The month of that number, from 0, in the year that is told or meant. */
export function ofYear(
  index: number,
  year: string | undefined,
  said: Said,
  of: (year: number, month: number) => Stretch | undefined,
): Stretch | undefined {
  const { now } = said;
  if (index < 0) return undefined;
  if (year !== undefined) return of(Number(year), index);
  const all = [-2, -1, 0, 1, 2].map((offset) => of(now.year + offset, index));
  return all.every((each) => each !== undefined)
    ? meant(said, (offset) => all[offset + 2] as Stretch)
    : leapDay(all, said);
}

/** 29 February is there in some years only. */
function leapDay(all: readonly (Stretch | undefined)[], { now, toward }: Said): Stretch | undefined {
  const there = all.filter((each) => each !== undefined);
  const ms = ({ from }: Stretch) => Date.UTC(from.year, from.month, from.day);
  const present = Date.UTC(now.year, now.month, now.day);
  if (toward === "past") return there.findLast((each) => ms(each) <= present);
  return there.find((each) => ms(each) >= present) ?? there.at(-1);
}

function nthOf(year: number, month: number, nth: number, what: string): Stretch | undefined {
  const length = daysIn(year, month);
  if (/^(?:week|woche)$/i.test(what)) return days({ year, month }, nth < 0 ? length - 6 : 7 * nth - 6, 7, "week");
  if (/^(?:day|tag)$/i.test(what)) return days({ year, month }, nth < 0 ? length : nth);
  const isWeekend = /^(?:weekend|wochenende)$/i.test(what);
  const weekday = isWeekend ? 5 : weekdayIndex(what);
  const day = nthWeekday(year, month, weekday, nth);
  return day > length ? undefined : days({ year, month }, day, isWeekend ? 2 : 1);
}

/** The first, second or third ten days. */
export function partOf(year: number, month: number, words: string): Stretch {
  const isStart = /early|beginning|start|anfang/i.test(words);
  const isMiddle = /mid|mitte/i.test(words);
  const { from, to } = months(year, month, 1, "month");
  if (isStart) return { from, to: midnight(year, month, 11), grain: "week", point: from };
  if (isMiddle)
    return {
      from: midnight(year, month, 11),
      to: midnight(year, month, 21),
      grain: "week",
      point: midnight(year, month, 15),
    };
  return { from: midnight(year, month, 21), to, grain: "week", point: midnight(year, month + 1, 0) };
}

export function dayNamed(year: number, month: number, day: number): Stretch | undefined {
  return isDayOfMonth(year, month, day) ? days({ year, month }, day) : undefined;
}

function fromTo(first: Stretch | undefined, last: Stretch | undefined): Stretch | undefined {
  if (first === undefined || last === undefined) return undefined;
  const isForward =
    Date.UTC(first.from.year, first.from.month, first.from.day) <
    Date.UTC(last.from.year, last.from.month, last.to.day);
  return isForward ? { from: first.from, to: last.to, grain: "day" } : undefined;
}

/** Day before month, as it is written with dots. */
function dotted([day, month, year]: readonly (string | undefined)[], said: Said): Stretch | undefined {
  const index = Number(month) - 1;
  if (!(index >= 0 && index <= 11)) return undefined;
  const told = year?.length === 2 ? `20${year}` : year;
  return ofYear(index, told, said, (of, at) => dayNamed(of, at, Number(day)));
}

/** In this month, the one before or the one after. */
export function dayOfMonth(day: number, said: Said): Stretch | undefined {
  const { year, month } = said.now;
  const of = (offset: number) => {
    const first = new Date(Date.UTC(year, month + offset, 1));
    return dayNamed(first.getUTCFullYear(), first.getUTCMonth(), day);
  };
  const isThere = (offset: number) => of(offset) !== undefined;
  if (day < 1 || day > 31) return undefined;
  const offsets = [-4, -3, -2, -1, 0, 1, 2, 3, 4].filter(isThere);
  const zero = offsets.findIndex((offset) => offset >= 0);
  return meant(said, (offset) => of(offsets[zero + offset] as number) as Stretch);
}

function weekdayNamed(which: string | undefined, name: string | undefined, said: Said): Stretch {
  return weekdayAway(which === undefined ? undefined : directionOf(which), weekdayIndex(name), said);
}

/** The weekday that lies so many away, 0 in this week; without that the one that is meant. */
export function weekdayAway(away: number | undefined, weekday: number, said: Said): Stretch {
  if (away === undefined) return weekdayToward(said, weekday);
  const { now } = said;
  if (away === 0) return days(now, now.day - intoWeek(now) + ((weekday - (now.weekStart ?? 0) + 7) % 7));
  if (away < 0) return shifted(weekdayToward({ now, toward: "past" }, weekday), 7 * (away + 1));
  const tomorrow: Now = { ...now, day: now.day + 1 };
  return shifted(weekdayToward({ now: tomorrow, toward: "future" }, weekday), 7 * (away - 1));
}

const shifted = ({ from, to, grain }: Stretch, by: number): Stretch => ({
  from: { ...from, day: from.day + by },
  to: { ...to, day: to.day + by },
  grain,
});

function monthNamed(which: string | undefined, name: string | undefined, said: Said): Stretch | undefined {
  // "this may be", "by march".
  if (name === undefined || /^(?:may|mar|march)$/.test(name)) return undefined;
  const index = monthOf(name);
  const { now } = said;
  if (which === undefined) return meant(said, (offset) => months(now.year + offset, index, 1, "month"));
  const away = directionOf(which);
  if (away === 0) return months(now.year, index, 1, "month");
  if (away < 0) return months(index < now.month ? now.year : now.year - 1, index, 1, "month");
  return months(index > now.month ? now.year : now.year + 1, index, 1, "month");
}
