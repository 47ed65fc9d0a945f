import ICAL from "ical.js";
import rrule from "rrule";
import { perDay } from "./calendar-jump.ts";

/** How much work is left: for all series together, and for each of them. */
export type Steps = { left: number; each: number };

const yearMax = 9_998;
/** In days, where periods are shorter: "every 1,440 minutes" is a way to say daily. */
const intervalMax = 1_000;
/** Rules by the hour and below are the other library's: rrule counts each of their periods, ical.js jumps. */
const periodDays: Record<string, number> = { YEARLY: 365, MONTHLY: 28, WEEKLY: 7, DAILY: 1 };

/**
 * The times of one rule that begins at `start`, in order, from about `fromMs` on and before `endMs` (RFC 5545 §3.3.10).
 * Throws where that is more work than is left. By rrule, which keeps to the RFC where ical.js, which reads the files, does
 * not (calendar-rules.test.ts lists it); rules by the hour and below by ical.js, which can be stopped.
 */
export function* expanded(
  rule: ICAL.Recur,
  start: ICAL.Time,
  { fromMs, endMs }: { fromMs: number; endMs: number },
  steps: Steps,
): Generator<ICAL.Time> {
  if (rule.interval > intervalMax * (perDay[rule.freq] ?? 1))
    throw new Error("An interval beyond 1,000 is no rule that anyone lives by.");
  const until = rule.until ? lastMoment(rule.until, start) : undefined;
  const lastMs = Math.min(endMs, until ? until.toUnixTime() * 1_000 + 1 : endMs, Date.UTC(yearMax, 11, 31));
  const days = periodDays[rule.freq];
  if (days === undefined) return yield* stepped(rule, until, start, lastMs, steps);
  const periods = 2 + Math.max(0, Math.ceil((lastMs / 1_000 - start.toUnixTime()) / 86_400 / days / rule.interval));
  // Two days more: a zone may be a day from UTC, and a clock may change.
  const wallEnd = lastMs + 2 * 86_400_000;
  const second = new rrule.RRule({ ...optionsOf(rule), dtstart: wallOf(start), until: new Date(wallEnd) }, true);
  for (const wall of timesOf(second, periods, fromMs, steps)) {
    const time = timeAt(wall, start);
    if (time.toUnixTime() * 1_000 >= lastMs) return;
    yield time;
  }
}

/** More than anybody keeps of one series: so many from `fromMs` on, and the last ones before. */
const [occurrencesMax, pastMax] = [5_000, 200];
const timesPerStep = 8;

/**
 * The times of a rule in its first periods, but for those long before `fromMs`. rrule looks at `until` where it finds a
 * time: one that nothing fulfils (30 February) it would follow to the year 9999, which a calendar of a few kilobytes could
 * ask for a thousand times. Work is what was looked at, not what might have been: COUNT=5 is over after five.
 */
function timesOf(rule: InstanceType<typeof rrule.RRule>, periods: number, fromMs: number, steps: Steps): Date[] {
  const found: Date[] = [];
  const over = new Error("These are all periods that were asked for.");
  const { interval } = rule.options;
  const allowed = Math.max(0, Math.min(steps.each, steps.left));
  const spent = new Error("The rule takes more work than there is time for.");
  let reads = 0;
  let seen = 0;
  let ahead = 0;
  Object.defineProperty(rule.options, "interval", {
    get() {
      // It is read once as the rule begins, and twice at the end of each period.
      reads += 1;
      if (reads > 1 + 2 * periods) throw over;
      if (reads > 1 + 2 * allowed) throw spent;
      return interval;
    },
  });
  try {
    rule.all((date) => {
      seen += 1;
      if (seen > timesPerStep * allowed) throw spent;
      found.push(date);
      if (date.getTime() >= fromMs) ahead += 1;
      else if (found.length > 2 * pastMax) found.splice(0, pastMax);
      return ahead < occurrencesMax;
    });
  } catch (error) {
    if (error !== over) throw error;
  } finally {
    steps.left -= Math.ceil(reads / 2 + seen / timesPerStep);
  }
  return found;
}

function optionsOf(rule: ICAL.Recur): Partial<InstanceType<typeof rrule.RRule>["origOptions"]> {
  const text = rule
    .toString()
    .split(";")
    .filter((part) => !/^UNTIL=/i.test(part))
    .join(";");
  return rrule.RRule.parseString(text);
}

/** The wall clock of a time as if it were UTC: rrule knows no zones. */
function wallOf({ year, month, day, hour, minute, second }: ICAL.Time): Date {
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

function timeAt(wall: Date, start: ICAL.Time): ICAL.Time {
  const date = { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
  const clock = { hour: wall.getUTCHours(), minute: wall.getUTCMinutes(), second: wall.getUTCSeconds() };
  const { isDate } = start;
  return new ICAL.Time({ ...date, ...clock, isDate }, start.zone ?? ICAL.Timezone.localTimezone);
}

function* stepped(
  rule: ICAL.Recur,
  until: ICAL.Time | undefined,
  start: ICAL.Time,
  lastMs: number,
  steps: Steps,
): Generator<ICAL.Time> {
  if (until) rule.until = until;
  const iterator = rule.iterator(start);
  // A rule that nothing fulfils (seconds of a month that is far away) would be searched for ever.
  const own = { left: steps.each };
  const isSpent = () => {
    steps.left -= 1;
    own.left -= 1;
    return steps.left < 0 || own.left < 0;
  };
  const check = iterator.check_contracting_rules.bind(iterator);
  iterator.check_contracting_rules = () => {
    if (isSpent()) throw new Error("The rule is never fulfilled, or hardly ever.");
    return check();
  };
  for (let next = iterator.next(); next; next = iterator.next()) {
    if (next.toUnixTime() * 1_000 >= lastMs || isSpent()) return;
    yield next.clone();
  }
}

/** UNTIL is written in UTC, or as the event's own wall clock; as a mere day it includes that day. */
export function lastMoment(until: ICAL.Time, start: ICAL.Time): ICAL.Time {
  if (until.zone === ICAL.Timezone.utcTimezone) return until;
  const last = until.clone();
  if (last.isDate && !start.isDate) {
    last.isDate = false;
    [last.hour, last.minute, last.second] = [23, 59, 59];
  }
  if (start.zone) last.zone = start.zone;
  return last;
}
