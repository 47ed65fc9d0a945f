import { type Local, minuteOfDay, weekdayOf } from "../model/wall-clock.ts";

const partsOfDay = [
  { from: 5, name: "morning" },
  { from: 12, name: "afternoon" },
  { from: 17, name: "evening" },
  { from: 22, name: "night" },
] as const;

/** What part of the day an hour belongs to. */
export const partOfDay = (hour: number): string => partsOfDay.findLast(({ from }) => hour >= from)?.name ?? "night";

/** When something is so: on these days, 1 = Monday, and in these parts of the day or between these minutes. Empty is always. */
export interface When {
  /** As it was written. */
  text: string;
  days: ReadonlySet<number>;
  parts: ReadonlySet<string>;
  spans: readonly { from: number; to: number }[];
}

const dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const dayPattern = /^(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rsday|urday)?s?$/;
const groups: Readonly<Record<string, readonly number[]>> = {
  weekdays: [1, 2, 3, 4, 5],
  weekend: [6, 7],
  weekends: [6, 7],
};
const clockPattern = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/;

/** Reads `weekdays morning`, `mon-fri 09:00-12:00`, `sat and sun`. A word that is none of these is given back. */
function readWhen(text: string): When | { unknown: string } {
  const days = new Set<number>();
  const parts = new Set<string>();
  const spans: { from: number; to: number }[] = [];
  for (const word of text.toLowerCase().split(/[\s,]+/)) {
    if (word === "" || word === "and" || word === "on" || word === "in") continue;
    const read = daysIn(word);
    const span = spanIn(word);
    if (read) for (const day of read) days.add(day);
    else if (span) spans.push(span);
    else if (partsOfDay.some(({ name }) => name === word)) parts.add(word);
    else return { unknown: word };
  }
  return { text, days, parts, spans };
}

function daysIn(word: string): readonly number[] | undefined {
  if (Object.hasOwn(groups, word)) return groups[word];
  const [from, to, more] = word.split("-").map((each) => dayNames.indexOf(dayPattern.exec(each)?.[1] ?? "") + 1);
  if (!from || more !== undefined || to === 0) return undefined;
  const count = to === undefined ? 1 : ((to - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, n) => ((from - 1 + n) % 7) + 1);
}

function spanIn(word: string): { from: number; to: number } | undefined {
  const [, h = "", m = "", h2 = "", m2 = ""] = clockPattern.exec(word) ?? [];
  const [from, to] = [Number(h) * 60 + Number(m), Number(h2) * 60 + Number(m2)];
  const isClock = h !== "" && Number(m) < 60 && Number(m2) < 60 && from <= 1440 && to <= 1440;
  return isClock ? { from, to } : undefined;
}

/** What an entry says of when it holds; undefined: always. */
export function whenOf(marks: ReadonlyMap<string, string>): When | undefined {
  const read = readWhen(marks.get("when") ?? "");
  return marks.has("when") && "days" in read ? read : undefined;
}

/** Whether a time is one of those. A span that ends before it begins goes over midnight. */
export function isWhen({ days, parts, spans }: When, local: Local): boolean {
  const minute = minuteOfDay(local);
  const isIn = ({ from, to }: { from: number; to: number }): boolean =>
    from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  const isDay = days.size === 0 || days.has(weekdayOf(local));
  const isHour = (parts.size === 0 && spans.length === 0) || parts.has(partOfDay(local.hour)) || spans.some(isIn);
  return isDay && isHour;
}

/** What is wrong with the text of a time; undefined where nothing is. */
export function wrongWhen(text: string): string | undefined {
  const read = readWhen(text);
  if (text.trim() === "") return "say when, as in `weekdays morning` or `mon-fri 09:00-12:00`";
  return "unknown" in read ? `“${read.unknown}” is no day, part of the day or time as 09:00-12:00` : undefined;
}
