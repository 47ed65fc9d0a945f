import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { localDay, localOf, weekdayOf } from "../model/wall-clock.ts";

/** Something that the owner did, by its day and hour on the wall. */
export interface Seen {
  /** Of the memory that says so. */
  memory: string;
  day: string;
  hour: number;
  /** Undefined where only that they did something counts. */
  what?: string;
}

export interface Habit {
  what: string;
  when: string;
  days: number;
  memories: string[];
}

/** So many days make a habit, so many of one weekday a weekly one; and so many must tell before hours are busy. */
const daysLeast = 4;
const weeksLeast = 3;
const busyLeast = 8;
const share = 0.75;
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

/** That the owner wrote something down, and when. */
export function toldAt({ id, at }: Pick<MemoryRecord, "id" | "at">, timeZone: string): Seen {
  const ms = Date.parse(at);
  return { memory: id, day: localDay(ms, timeZone), hour: localOf(ms, timeZone).hour };
}

/** What was done on several days at one time of the day, or of the week. */
export function habitsIn(seen: readonly Seen[]): Habit[] {
  const named = seen.filter((each): each is Seen & { what: string } => each.what !== undefined);
  const groups = [...Map.groupBy(named, ({ what }) => what)];
  return groups
    .flatMap(([what, all]) => {
      const days = [...new Set(all.map(({ day }) => day))].sort();
      const when = days.length < weeksLeast ? undefined : rhythmOf(days, hourOf(all, days.length));
      const memories = [...new Set(all.toSorted(byDay).map(({ memory }) => memory))].slice(-shown);
      return when === undefined ? [] : [{ what, when, days: days.length, memories }];
    })
    .toSorted((a, b) => b.days - a.days || (a.what < b.what ? -1 : 1))
    .slice(0, 10);
}

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

function rhythmOf(days: readonly string[], hour: number | undefined): string | undefined {
  const time = hour === undefined ? "" : ` around ${String(hour).padStart(2, "0")}:00`;
  const on = days.map((day) => weekdayOf(wallOf(day)));
  const [only, another] = [...new Set(on)];
  if (only !== undefined && another === undefined && days.length >= weeksLeast)
    return `every ${weekdays[only - 1]}${time}`;
  if (days.length < daysLeast || hour === undefined) return undefined;
  // Of the days from the first to the last one, most have it.
  const span = daysFrom(days[0] ?? "", days.at(-1) ?? "");
  const working = span.filter((day) => weekdayOf(wallOf(day)) <= 5);
  const isWorking = on.every((weekday) => weekday <= 5);
  if (isWorking && days.length >= share * working.length) return `on working days${time}`;
  return days.length >= share * span.length ? `every day${time}` : undefined;
}

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

/** The hours in which something was done on at least half of the days; undefined where too few days tell, or none stands out. */
export function busyHours(seen: readonly Seen[]) {
  const days = new Set(seen.map(({ day }) => day)).size;
  if (days < busyLeast) return undefined;
  const often = (hour: number) =>
    new Set(seen.filter((each) => each.hour === hour).map(({ day }) => day)).size >= days / 2;
  const hours: { from: number; to: number }[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    if (!often(hour)) continue;
    const last = hours.at(-1);
    if (last?.to === hour) last.to = hour + 1;
    else hours.push({ from: hour, to: hour + 1 });
  }
  if (hours.length === 0) return undefined;
  const within = seen.filter(({ hour }) => hours.some(({ from, to }) => hour >= from && hour < to));
  return { hours, days, memories: [...new Set(within.toSorted(byDay).map(({ memory }) => memory))].slice(-shown) };
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
