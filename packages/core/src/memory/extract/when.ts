import { placeOf } from "../../model/place.ts";
import { instantOf, isCalendarDay, type Local, localOf, offsetMs } from "../../model/wall-clock.ts";
import { awayFromIn } from "./away-from.ts";
import { bareHolidayRules } from "./holidays.ts";
import { bareRules } from "./named-days.ts";
import { partOfDayIn } from "./part-of-day.ts";
import { loadTimes, type ReadTime, type ReadTimes } from "./read-times.ts";
import { days, months, type Now, type Stretch, type Toward, unitAway } from "./stretches.ts";
import { direction, directionOf, unitOf } from "./time-words.ts";

/** Reads one point in time to come; undefined where the words are none. */
export type ReadWhen = (words: string, now: Date, timeZone: string) => Promise<string | undefined>;
/** A day (2026-11-27) or a time (2026-11-27T15:00) on the owner's wall at which a stretch begins, and the last one of it. */
export type ReadStretch = (
  words: string,
  setting: { now: Date; timeZone: string; toward: Toward },
) => Promise<{ first: string; last: string } | undefined>;

/**
 * Reads words like "tomorrow", "next friday 3pm", "in 2 weeks", "end of month", "31.12.", "übermorgen um 15 Uhr" as a day
 * (2026-11-27) or a day and time (2026-11-27T15:00) on the wall of `timeZone`. All of the words must be understood: in
 * English or German, else in French, Spanish or Portuguese. A day without a year is the next one to come.
 */
export async function loadWhen(): Promise<ReadWhen> {
  const read = await loadTimes();
  return async (words, now, timeZone) => {
    const found = await whole(read, words, { now, timeZone, toward: "future" });
    return found && written(found.point ?? found.from, found.grain);
  };
}

/** Reads the same words as the stretch that they name, for filters: "last week" is its Monday to its Sunday. */
export async function loadStretch(): Promise<ReadStretch> {
  const read = await loadTimes();
  return async (words, setting) => {
    const found = await whole(read, words, setting);
    if (found === undefined) return undefined;
    const { from, to, grain } = found;
    const isTime = grain === "hour" || grain === "minute";
    const first = written(from, grain);
    if (!isTime) return { first, last: written({ ...to, day: to.day - 1 }, "day") };
    return { first, last: to.hour - from.hour > 1 ? written(to, grain) : first };
  };
}

/** The instant at which a day on the wall ends, or a time on it comes. */
export const endOfWhen = (when: string, timeZone: string): number => instantOn(when, timeZone, 1);

/** The instant at which a day on the wall begins, or a time on it comes. */
export const startOfWhen = (when: string, timeZone: string): number => instantOn(when, timeZone, 0);

function instantOn(when: string, timeZone: string, daysLater: number): number {
  const [year = 0, month = 1, day = 1, hour, minute = 0] = when.split(/[-T:]/).map(Number);
  if (hour !== undefined) return instantOf({ year, month: month - 1, day, hour, minute }, timeZone);
  return instantOf({ year, month: month - 1, day: day + daysLater, hour: 0, minute: 0 }, timeZone);
}

/** Wall-clock fields may overflow. */
function written({ year, month, day, hour, minute }: Local, grain: Stretch["grain"]): string {
  const text = new Date(Date.UTC(year, month, day, hour, minute)).toISOString();
  return grain === "hour" || grain === "minute" ? text.slice(0, 16) : text.slice(0, 10);
}

interface Asked {
  now: Date;
  timeZone: string;
  toward: Toward;
}

const lead = /^(?:on|by|until|till|due|from|since|am|bis(?: zum)?|spätestens|ab|seit)\s+(?=\S)/i;

async function whole(read: ReadTimes, words: string, asked: Asked): Promise<Stretch | undefined> {
  const { now, timeZone, toward } = asked;
  const told = words.trim();
  const text = asDigits(told.replace(lead, ""));
  const known = exact(text) ?? endOf(text, now, timeZone);
  if (known) return known;
  const part = partOfDayIn(text);
  const day = part && (await whole(read, part.day, asked));
  if (day) return part.on(day);
  for (const each of [asDigits(told), text]) {
    const found = read(each, { at: now, timeZone, toward, isAlone: true, more: aloneRules });
    const [only] = found;
    if (only && found.length === 1 && covers(only, each)) return toCome(only, asked);
  }
  const away = awayFromIn(text);
  const other = away && (await whole(read, away.other, asked));
  return other ? away.from(other) : elsewhere(text, asked);
}

const aloneRules = [...bareRules, ...bareHolidayRules];

/** A time of day without a day is that of tomorrow, where today's is over. */
function toCome<T extends Stretch & { text: string }>(time: T, { now, timeZone, toward }: Asked): T {
  const isOver = instantOf(time.from, timeZone) <= now.getTime();
  if (toward !== "future" || !isOver || !timeOfDay.test(time.text)) return time;
  const next = (local: Local) => ({ ...local, day: local.day + 1 });
  return { ...time, from: next(time.from), to: next(time.to) };
}

const timeOfDay = /^(?:(?:at|um|@|by) ?)?\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?| ?h)?$/i;

const nowOn = (now: Date, timeZone: string): Now => ({
  ...localOf(now.getTime(), timeZone),
  weekStart: placeOf(timeZone).weekStart,
});

const covers = (found: Pick<ReadTime, "text">, text: string): boolean =>
  found.text.trim().length === text.trim().length;

/** "15 Uhr" is 15:00 in any language. */
const asDigits = (text: string): string =>
  text.replace(/\b(\d{1,2})(?:[:.](\d\d))? ?Uhr\b/gi, (_, hour: string, minute = "00") => `${hour}:${minute}`);

/** Words of French, Spanish and Portuguese, where the whole is one of their times. */
async function elsewhere(text: string, { now, timeZone, toward }: Asked): Promise<Stretch | undefined> {
  const bare = text.replace(/^(?:le|la|el|à partir du|jusqu'au|hasta(?: el)?|desde(?: el)?|até(?: o| a)?)\s+/i, "");
  const languages = [import("chrono-node/fr"), import("chrono-node/es"), import("chrono-node/pt")];
  const reference = { instant: now, timezone: offsetMs(now.getTime(), timeZone) / 60_000 };
  for (const { casual } of await Promise.all(languages)) {
    const [found, another] = casual.parse(bare, reference, { forwardDate: toward === "future" });
    if (!found || another || !covers(found, bare)) continue;
    const { start } = found;
    const part = (name: "year" | "month" | "day" | "hour" | "minute") => start.get(name) ?? 0;
    const day = days({ year: part("year"), month: part("month") - 1 }, part("day"));
    if (!start.isCertain("hour")) return day;
    const from = { ...day.from, hour: part("hour"), minute: part("minute") };
    return { from, to: { ...from, minute: from.minute + 1 }, grain: "minute" };
  }
  return undefined;
}

function exact(text: string): Stretch | undefined {
  const [, day = "", hour, minute] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2}))?$/.exec(text) ?? [];
  if (!isCalendarDay(day)) return undefined;
  const at = new Date(`${day}T00:00:00Z`);
  const stretch = days({ year: at.getUTCFullYear(), month: at.getUTCMonth() }, at.getUTCDate());
  if (hour === undefined) return stretch;
  const time = { ...stretch.from, hour: Number(hour), minute: Number(minute) };
  return { from: time, to: { ...time, minute: time.minute + 1 }, grain: "minute" };
}

const endings: readonly RegExp[] = [
  new RegExp(`^(?:the )?end of (?:the )?(?:${direction} )?(?:the )?(day|week|month|quarter|year)$`, "i"),
  new RegExp(`^ende (?:der |des )?(?:${direction} )?(tag|woche|monat|quartal|jahr)e?s?$`, "i"),
  // "Wochenende" is the weekend, not the end of the week.
  /^()(tag|monat|quartal|jahr)e?[sn]{1,2}ende$/i,
  /^()(month|quarter|year)[ -]end$/i,
];
const short: Readonly<Record<string, string>> = { d: "day", w: "week", m: "month", q: "quarter", y: "year" };

/** The last day of this, the last or the next day, week, month, quarter or year. */
function endOf(text: string, at: Date, timeZone: string): Stretch | undefined {
  const letter = /^(?:eo([dwmqy])|co(b))$/i.exec(text);
  const match = endings.map((pattern) => pattern.exec(text)).find((found) => found !== null);
  if (!letter && !match) return undefined;
  const now = nowOn(at, timeZone);
  const name = letter ? (short[letter[1]?.toLowerCase() ?? "d"] ?? "day") : (match?.[2] ?? "day");
  const offset = letter ? 0 : directionOf(match?.[1] || "this");
  const quarter = 3 * (Math.floor(now.month / 3) + offset);
  const isQuarter = /^quart/i.test(name);
  const { to } = isQuarter ? months(now.year, quarter, 3, "month") : unitAway(now, unitOf(name), offset);
  return days(to, to.day - 1);
}
