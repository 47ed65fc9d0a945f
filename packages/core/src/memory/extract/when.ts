import { instantOf, localOf, offsetMs, weekdayOf } from "../../model/wall-clock.ts";

/** Reads one point in time to come; undefined where the words are none. */
export type ReadWhen = (words: string, now: Date, timeZone: string) => string | undefined;

/**
 * Loads chrono-node. The function it gives reads words like "tomorrow", "next friday 3pm", "in 2 weeks", "end of month",
 * "24 Dec" as a day (2026-11-27) or a day and time (2026-11-27T15:00) on the wall of `timeZone`. All of the words must be
 * understood. A day without a year is the next one to come.
 */
export async function loadWhen(): Promise<ReadWhen> {
  const { casual } = await import("chrono-node/en");
  return (words, now, timeZone) => {
    const text = words.trim().replace(/^(?:on|by|until|till|due|from)\s+/i, "");
    const written = exact(text) ?? endOf(text, now, timeZone);
    if (written) return written;
    const reference = { instant: now, timezone: offsetMs(now.getTime(), timeZone) / 60_000 };
    const [found, another] = casual.parse(text, reference, { forwardDate: true });
    if (!found || another || found.text.trim().length !== text.length) return undefined;
    const { start } = found;
    const part = (name: "year" | "month" | "day" | "hour" | "minute") => start.get(name) ?? 0;
    const day = `${String(part("year")).padStart(4, "0")}-${two(part("month"))}-${two(part("day"))}`;
    return start.isCertain("hour") ? `${day}T${two(part("hour"))}:${two(part("minute"))}` : day;
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

const two = (n: number): string => String(n).padStart(2, "0");

function exact(text: string): string | undefined {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?$/.exec(text) ?? [];
  if (!day || !isDay(day)) return undefined;
  return time ? `${day}T${time}` : day;
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

function endOf(text: string, now: Date, timeZone: string): string | undefined {
  const [, unit] = /^(?:the )?end of (?:the |this )?(day|week|month|year)$/i.exec(text) ?? [];
  if (!unit) return undefined;
  const today = localOf(now.getTime(), timeZone);
  const { year, month, day } = today;
  const last = {
    day: Date.UTC(year, month, day),
    week: Date.UTC(year, month, day + 7 - weekdayOf(today)),
    month: Date.UTC(year, month + 1, 0),
    year: Date.UTC(year, 11, 31),
  }[unit.toLowerCase() as "day" | "week" | "month" | "year"];
  return new Date(last).toISOString().slice(0, 10);
}
