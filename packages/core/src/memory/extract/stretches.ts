import type { EventTime } from "@mh/contract/values/memory.ts";
import { type Local, weekdayOf } from "../../model/wall-clock.ts";
import type { Unit } from "./time-words.ts";

export type Grain = EventTime["grain"];
/** Which of two times is meant where the words leave it open, as in "Friday" or "in May". */
export type Toward = "past" | "near" | "future";
/** A time on the owner's wall, where the week begins on a day of its own: 0, or nothing, is Monday. */
export interface Now extends Local {
  weekStart?: number;
}
/** What a text was said at, on the owner's wall. */
export interface Said {
  now: Now;
  toward: Toward;
}
/** A stretch of wall-clock time: [from, to). `point` is the one day or time that is meant where only one is asked for. */
export interface Stretch {
  from: Local;
  to: Local;
  grain: Grain;
  point?: Local;
}

export const midnight = (year: number, month: number, day: number): Local => ({ year, month, day, hour: 0, minute: 0 });

export function days(
  { year, month }: Pick<Local, "year" | "month">,
  day: number,
  length = 1,
  grain: Grain = "day",
): Stretch {
  return { from: midnight(year, month, day), to: midnight(year, month, day + length), grain };
}

export function months(year: number, month: number, length: number, grain: Grain): Stretch {
  return { from: midnight(year, month, 1), to: midnight(year, month + length, 1), grain };
}

/** The day of the week, from 0, a Monday. */
export const weekdayFrom = (local: Local): number => weekdayOf(local) - 1;

/** How many days ago the present week began. */
export const intoWeek = (now: Now): number => (weekdayFrom(now) - (now.weekStart ?? 0) + 7) % 7;

/** The unit that lies `count` units from the present one, whole; its point is as far from today. */
export function unitAway(now: Now, unit: Unit, count: number): Stretch {
  const { year, month, day } = now;
  if (unit === "day") return days(now, day + count);
  if (unit === "week")
    return { ...days(now, day - intoWeek(now) + 7 * count, 7, "week"), point: midnight(year, month, day + 7 * count) };
  if (unit === "fortnight") return days(now, day + 14 * count);
  if (unit === "weekend") return days(now, day - weekdayFrom(now) + 5 + 7 * count, 2);
  const lastDay = (of: Local) => daysIn(of.year, of.month);
  if (unit === "month") {
    const there = midnight(year, month + count, 1);
    return { ...months(year, month + count, 1, "month"), point: { ...there, day: Math.min(day, lastDay(there)) } };
  }
  const there = midnight(year + count * (unit === "decade" ? 10 : 1), month, 1);
  return { ...months(there.year, 0, 12, "year"), point: { ...there, day: Math.min(day, lastDay(there)) } };
}

/** The day of a month on which a weekday, 0 a Monday, falls for the nth time; -1 is the last. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = 1 + ((weekday - weekdayFrom(midnight(year, month, 1)) + 7) % 7);
  return nth < 0 ? first + 7 * Math.floor((daysIn(year, month) - first) / 7) : first + 7 * (nth - 1);
}

export const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/** The weekday that is meant: today counts for what is to come, not for what is over. */
export function weekdayToward({ now, toward }: Said, weekday: number): Stretch {
  const ahead = (weekday - weekdayFrom(now) + 7) % 7;
  if (toward === "future") return days(now, now.day + ahead);
  if (toward === "past") return days(now, now.day + (ahead - 7));
  return days(now, now.day + (ahead > 3 ? ahead - 7 : ahead));
}

/** Of what comes each year (or month) the one that is meant: the last begun, the next not over, or the nearest. */
export function meant({ now, toward }: Said, at: (offset: number) => Stretch): Stretch {
  const present = dayNumber(now);
  const all = [-1, 0, 1].map(at);
  const begins = (stretch: Stretch) => dayNumber(stretch.from);
  if (toward === "past") return all.findLast((each) => begins(each) <= present) ?? at(-2);
  if (toward === "future") return all.find((each) => dayNumber(each.to) > present) ?? at(2);
  return all.reduce((a, b) => (Math.abs(begins(b) - present) < Math.abs(begins(a) - present) ? b : a));
}

const dayNumber = ({ year, month, day }: Local): number => Date.UTC(year, month, day) / 86_400_000;
