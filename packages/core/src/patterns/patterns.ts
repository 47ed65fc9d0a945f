import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { localDay, localOf, weekdayOf } from "../model/wall-clock.ts";

/** Something that the owner did, by its day and hour on the wall. */
export interface Seen {
  /** Of the memory that says so; undefined where only the log does. */
  memory?: string;
  day: string;
  hour: number;
  /** Undefined where only that they did something counts. */
  what?: string;
}

export interface Habit {
  what: string;
  /** In words. */
  when: string;
  /** As routines of the persona have it: `mon-fri 09:00-10:00`. */
  at: string;
  days: number;
  memories: string[];
}

/** So many days make a habit, so many of one weekday a weekly one; and so many must tell before hours are busy. */
const daysLeast = 4;
const weeksLeast = 3;
const busyLeast = 8;
const share = 0.75;
/** Of so many days, one at most has something in a quiet hour. */
const quietShare = 8;
const shown = 20;

/** What a day's memory of an observed source says, line by line (`observe/days.ts`). */
export function seenIn({ id, externalId: day = "", content }: MemoryRecord): Seen[] {
  return content.split("\n").flatMap((line) => {
    const [, hour, names = ""] = /^(\d\d):00 (.+)$/.exec(line) ?? [];
    if (hour === undefined) return [];
    const whats = names.split("; ").filter((name) => !/^and \d+ more$/.test(name));
    return whats.map((name) => ({ memory: id, day, hour: Number(hour), what: name.replace(/ \(\d+\)$/, "") }));
  });
}

/** That something was at a time. */
export const seenAt = (ms: number, timeZone: string, more: Pick<Seen, "memory" | "what"> = {}): Seen => ({
  ...more,
  ...{ day: localDay(ms, timeZone), hour: localOf(ms, timeZone).hour },
});

/** The times of an event of a calendar, each with its title; what takes the whole day has no time of its own. */
export function metAt(
  { id, content, eventAt, tags }: MemoryRecord,
  times: readonly number[],
  timeZone: string,
): Seen[] {
  const [what = ""] = content.split("\n", 1);
  const whole = new Set(eventAt.filter(({ grain }) => grain !== "minute").map(({ from }) => Date.parse(from)));
  if (what.trim() === "" || tags.includes("cancelled")) return [];
  return times.filter((ms) => !whole.has(ms)).map((ms) => seenAt(ms, timeZone, { memory: id, what: what.trim() }));
}

/** What was done on several days at one time of the day, or of the week. */
export function habitsIn(seen: readonly Seen[]): Habit[] {
  const named = seen.filter((each): each is Seen & { what: string } => each.what !== undefined);
  const groups = [...Map.groupBy(named, ({ what }) => what)];
  return groups
    .flatMap(([what, all]) => {
      const days = [...new Set(all.map(({ day }) => day))].sort();
      const rhythm = days.length < weeksLeast ? undefined : rhythmOf(days, hourOf(all, days.length));
      return rhythm === undefined ? [] : [{ what, ...rhythm, days: days.length, memories: memoriesOf(all) }];
    })
    .toSorted((a, b) => b.days - a.days || (a.what < b.what ? -1 : 1))
    .slice(0, 10);
}

const memoriesOf = (all: readonly Seen[]): string[] =>
  [...new Set(all.toSorted(byDay).flatMap(({ memory }) => memory ?? []))].slice(-shown);

const byDay = (a: Seen, b: Seen): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.hour - b.hour);

/** The hour that nearly all days have it in, or the one beside it. */
function hourOf(all: readonly Seen[], days: number): number | undefined {
  const around = (hour: number) =>
    new Set(all.filter((each) => Math.abs(each.hour - hour) <= 1).map(({ day }) => day)).size;
  const within = (hour: number) => new Set(all.filter((each) => each.hour === hour).map(({ day }) => day)).size;
  const hours = [...new Set(all.map(({ hour }) => hour))].filter((hour) => around(hour) >= share * days);
  return hours.toSorted((a, b) => around(b) - around(a) || within(b) - within(a) || a - b)[0];
}

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/** On more days of the week than these it is none of single days. */
const weekdaysMost = 3;

function rhythmOf(days: readonly string[], hour: number | undefined): Pick<Habit, "when" | "at"> | undefined {
  const time = hour === undefined ? "" : ` around ${clock(hour)}`;
  const span = hour === undefined ? "" : spanText({ from: hour, to: hour + 1 });
  const weekly = Map.groupBy(days, (day) => weekdayOf(wallOf(day)));
  const own = [...weekly.keys()].sort((a, b) => a - b).map((weekday) => weekdays[weekday - 1] ?? "");
  if (own.length <= weekdaysMost && [...weekly.values()].every(isWeekly))
    return { when: `every ${listed(own)}${time}`, at: timeText(own.map((name) => name.slice(0, 3)).join(" "), span) };
  if (days.length < daysLeast || hour === undefined) return undefined;
  // Of the days from the first to the last one, most have it.
  const between = daysFrom(days[0] ?? "", days.at(-1) ?? "");
  const working = between.filter(isWorking);
  if (days.every(isWorking) && days.length >= share * working.length)
    return { when: `on working days${time}`, at: timeText("mon-fri", span) };
  return days.length >= share * between.length ? { when: `every day${time}`, at: span } : undefined;
}

/** Whether of the weeks from the first to the last day most have it. */
function isWeekly(days: readonly string[]): boolean {
  const weeks = (Date.parse(days.at(-1) ?? "") - Date.parse(days[0] ?? "")) / (7 * 86_400_000) + 1;
  return days.length >= weeksLeast && days.length >= share * weeks;
}

const isWorking = (day: string): boolean => weekdayOf(wallOf(day)) <= 5;
const clock = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;
const spanText = ({ from, to }: Span): string => `${clock(from)}-${clock(to)}`;
const timeText = (...parts: string[]): string => parts.filter(Boolean).join(" ").toLowerCase();
const listed = (names: readonly string[]): string =>
  [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");

function wallOf(day: string) {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return { year, month: month - 1, day: date, hour: 0, minute: 0 };
}

function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= Date.parse(`${last}T00:00:00Z`); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** Hours on the wall, the last one not included. */
export interface Span {
  from: number;
  to: number;
}

/** How active the owner is at which hours of some days. */
export interface Cycle {
  on: "working days" | "weekends";
  energy: "high" | "low";
  hours: Span[];
  /** As routines of the persona have it. */
  at: string;
  days: number;
  memories: string[];
}

/**
 * When the owner is active, of working days and of weekends: high is where something was done on half of the days at least, low what
 * lies between such hours and has hardly anything. Nothing where too few days tell, or no hour stands out.
 */
export function cyclesIn(seen: readonly Seen[]): Cycle[] {
  return [
    ...cyclesOn(
      "working days",
      seen.filter(({ day }) => isWorking(day)),
    ),
    ...cyclesOn(
      "weekends",
      seen.filter(({ day }) => !isWorking(day)),
    ),
  ];
}

function cyclesOn(on: Cycle["on"], seen: readonly Seen[]): Cycle[] {
  const days = new Set(seen.map(({ day }) => day)).size;
  if (days < busyLeast) return [];
  const count = (hour: number) => new Set(seen.filter((each) => each.hour === hour).map(({ day }) => day)).size;
  const high = spansWhere((hour) => count(hour) >= days / 2);
  const [first, last] = [high[0]?.from ?? 0, high.at(-1)?.to ?? 0];
  const low = spansWhere((hour) => hour > first && hour < last && count(hour) <= days / quietShare);
  const cycle = (energy: Cycle["energy"], hours: Span[]): Cycle[] => {
    const within = seen.filter(({ hour }) => high.some(({ from, to }) => hour >= from && hour < to));
    const at = timeText(on === "working days" ? "mon-fri" : "weekend", ...hours.map(spanText));
    return hours.length === 0 ? [] : [{ on, energy, hours, at, days, memories: memoriesOf(within) }];
  };
  return [...cycle("high", high), ...cycle("low", low)];
}

function spansWhere(isIn: (hour: number) => boolean): Span[] {
  const spans: Span[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    if (!isIn(hour)) continue;
    const last = spans.at(-1);
    if (last?.to === hour) last.to = hour + 1;
    else spans.push({ from: hour, to: hour + 1 });
  }
  return spans;
}

/** A decision that the owner answered, by the names of its options. */
export interface Answered {
  id: string;
  names: readonly string[];
  taken: string;
}

/** Options that the owner took nearly every time that they were offered, the latest answers last. */
export function choicesIn(answered: readonly Answered[]) {
  const options = [...new Set(answered.map(({ taken }) => taken))];
  return options
    .map((option) => {
      const offered = answered.filter(({ names }) => names.includes(option));
      const chosen = offered.filter(({ taken }) => taken === option);
      return {
        option,
        chosen: chosen.length,
        offered: offered.length,
        decisions: chosen.map(({ id }) => id).slice(-shown),
      };
    })
    .filter(({ chosen, offered }) => chosen >= daysLeast && chosen >= 0.8 * offered)
    .toSorted((a, b) => b.chosen - a.chosen || (a.option < b.option ? -1 : 1))
    .slice(0, 10);
}
