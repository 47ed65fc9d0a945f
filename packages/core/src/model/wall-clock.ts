/**
 * What the clock on the wall shows in a time zone: an IANA name, or the zone of this process where none is given. All
 * else that asks for a local day or time of day goes through here, because each `Intl` format costs milliseconds to make.
 */

/** A wall-clock time in some time zone. Months count from 0; fields may overflow, as in `Date.UTC`. */
export type Local = { year: number; month: number; day: number; hour: number; minute: number };

export function localOf(instantMs: number, timeZone: string | undefined): Local {
  const local = new Date(instantMs + offsetMs(instantMs, timeZone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth(),
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

/** The minute of the day on the wall, from 0. */
export function minuteOfDay({ hour, minute }: Local): number {
  return hour * 60 + minute;
}

/** The day of the week on the wall: 1 is Monday, 7 Sunday. */
export function weekdayOf({ year, month, day }: Local): number {
  return new Date(Date.UTC(year, month, day)).getUTCDay() || 7;
}

/** The calendar day on the wall at an instant, as in 2026-05-08. */
export function localDay(instantMs: number, timeZone: string | undefined): string {
  const { year, month, day } = localOf(instantMs, timeZone);
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}

/** Whether a month has such a day. Months count from 0. */
export const isDayOfMonth = (year: number, month: number, day: number): boolean =>
  new Date(Date.UTC(year, month, day)).getUTCMonth() === month && day >= 1;

/** Whether it is a day of the calendar, written as in 2026-05-08. */
export function isCalendarDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  return isDayOfMonth(Number(year), Number(month) - 1, Number(day));
}

/** A calendar day so many days after another one, or before it. */
export const daysLater = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Whether the machine knows a zone of that name. */
export function isTimeZone(name: string): boolean {
  if (name === "UTC") return true;
  try {
    return formatter(name) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The instant at which the wall shows that time: the first where a clock change doubles it, and where one skips it, as
 * much later as the clock was put forward (RFC 5545, 3.3.5).
 */
export function instantOf({ year, month, day, hour, minute }: Local, timeZone: string): number {
  const asUtc = Date.UTC(year, month, day, hour, minute);
  const before = asUtc - offsetMs(asUtc - dayMs, timeZone);
  const after = asUtc - offsetMs(asUtc + dayMs, timeZone);
  if (before === after) return before;
  const isShown = (instantMs: number) => instantMs + offsetMs(instantMs, timeZone) === asUtc;
  return isShown(before) || !isShown(after) ? before : after;
}

const dayMs = 86_400_000;

// The last instant that a Date can hold (ECMA-262, time values); beyond it there is no wall clock to read.
const lastInstantMs = 8.64e15;

/** How far the zone is ahead of UTC at that instant. */
export function offsetMs(instantMs: number, timeZone: string | undefined): number {
  if (timeZone === "UTC" || !(Math.abs(instantMs) <= lastInstantMs)) return 0;
  const hour = Math.floor(instantMs / hourMs);
  if (hour < firstHour || (hour + 1) * hourMs > lastInstantMs) return offsetRead(instantMs, timeZone);
  const begin = offsetAtHour(hour, timeZone);
  return begin === offsetAtHour(hour + 1, timeZone) ? begin : offsetRead(instantMs, timeZone);
}

const hourMs = 3_600_000;
/** Before 1970 clocks were changed at any second. Since then no zone changed its own twice in an hour. */
const firstHour = 0;
const hoursMax = 20_000;
/** There are some 600; but a calendar of anybody's may write each in many ways. */
const zonesMax = 600;
const hours = new Map<string | undefined, Map<number, number>>();
/** In all zones together. */
let hoursKept = 0;

/** To format an instant takes longer than to read a short text, and many instants are of the same hour. */
function offsetAtHour(hour: number, timeZone: string | undefined): number {
  const known = hours.get(timeZone)?.get(hour);
  if (known !== undefined) return known;
  const offset = offsetRead(hour * hourMs, timeZone);
  if (hoursKept >= hoursMax || hours.size >= zonesMax) {
    hours.clear();
    hoursKept = 0;
  }
  const ofZone = hours.get(timeZone) ?? new Map<number, number>();
  hours.set(timeZone, ofZone.set(hour, offset));
  hoursKept += 1;
  return offset;
}

function offsetRead(instantMs: number, timeZone: string | undefined): number {
  const found: Record<string, number> = {};
  for (const { type, value } of formatter(timeZone).formatToParts(instantMs)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1_000) * 1_000;
}

const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

function formatter(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-u-ca-iso8601", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (formatters.size >= zonesMax) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}
