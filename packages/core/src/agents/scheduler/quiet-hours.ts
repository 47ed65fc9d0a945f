import { isQuietAt, minutesOf, type QuietHours } from "../../model/quiet-hours.ts";
import { instantOf, localOf, minuteOfDay } from "../../model/wall-clock.ts";

/** When the quiet that reigns at an instant ends, milliseconds UTC; undefined where none reigns. */
export function quietUntil(hours: QuietHours | undefined, timeZone: string, atMs: number): number | undefined {
  if (!hours) return undefined;
  const wall = localOf(atMs, timeZone);
  const now = minuteOfDay(wall);
  if (!isQuietAt(hours, now)) return undefined;
  const to = minutesOf(hours.to);
  const isTomorrow = now >= to;
  const end = { ...wall, day: wall.day + (isTomorrow ? 1 : 0), hour: Math.floor(to / 60), minute: to % 60 };
  return instantOf(end, timeZone);
}
