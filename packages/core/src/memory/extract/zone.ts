/** A wall-clock time in some time zone. Months count from 0; fields may overflow, as in `Date.UTC`. */
export type Local = { year: number; month: number; day: number; hour: number; minute: number };

/** What the clock on the wall shows in `timeZone` (an IANA name) at that instant. */
export function localOf(instantMs: number, timeZone: string): Local {
  const local = new Date(instantMs + offsetMs(instantMs, timeZone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth(),
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
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
export function offsetMs(instantMs: number, timeZone: string): number {
  if (timeZone === "UTC" || !(Math.abs(instantMs) <= lastInstantMs)) return 0;
  const found: Record<string, number> = {};
  for (const { type, value } of formatter(timeZone).formatToParts(instantMs)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1_000) * 1_000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
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
  formatters.set(timeZone, made);
  return made;
}
