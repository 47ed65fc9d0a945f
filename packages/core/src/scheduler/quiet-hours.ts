import { instantOf, localOf } from "../memory/extract/zone.ts";

/** From one time of day to another, past midnight where `to` is the earlier. `to` itself is no longer quiet. */
export interface QuietHours {
  /** `22:00`. */
  from: string;
  to: string;
}

/** When the quiet that reigns at an instant ends, milliseconds UTC; undefined where none reigns. */
export function quietUntil(hours: QuietHours | undefined, timeZone: string, atMs: number): number | undefined {
  if (!hours || hours.from === hours.to) return undefined;
  const wall = localOf(atMs, timeZone);
  const now = wall.hour * 60 + wall.minute;
  const from = minutesOf(hours.from);
  const to = minutesOf(hours.to);
  const isQuiet = from < to ? now >= from && now < to : now >= from || now < to;
  if (!isQuiet) return undefined;
  const isTomorrow = now >= to;
  const end = { ...wall, day: wall.day + (isTomorrow ? 1 : 0), hour: Math.floor(to / 60), minute: to % 60 };
  return instantOf(end, timeZone);
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}
