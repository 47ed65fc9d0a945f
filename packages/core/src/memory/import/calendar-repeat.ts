import ICAL from "ical.js";

const occurrencesMax = 366;
const stepsMax = 20_000;
const rulesMax = 10;

/** How much work is left for all series together. */
export type Steps = { left: number };

/** Occurrences that begin from `fromMs` on and before `toMs`. */
export interface Within {
  fromMs: number;
  toMs: number;
}

/**
 * When an event that begins at `start` happens, by its rules (RFC 5545 §3.8.5), in order and at most 366 times; of a
 * window where one is given. Throws where a rule cannot be worked out; `isCut` where it goes on beyond.
 */
export function occurrences(
  start: ICAL.Time,
  rules: readonly ICAL.Recur[],
  added: readonly ICAL.Time[],
  excluded: readonly ICAL.Time[],
  steps: Steps,
  within?: Within,
): { times: ICAL.Time[]; isCut: boolean } {
  if (rules.length > rulesMax) throw new Error("Nobody lives by that many rules.");
  const gone = new Set(excluded.map((time) => time.toUnixTime()));
  const goneDays = new Set(excluded.filter(({ isDate }) => isDate).map(dayOf));
  const isInside = (time: ICAL.Time) =>
    !within || (time.toUnixTime() * 1_000 >= within.fromMs && time.toUnixTime() * 1_000 < within.toMs);
  const isKept = (time: ICAL.Time) => isInside(time) && !gone.has(time.toUnixTime()) && !goneDays.has(dayOf(time));
  const found = new Map<number, ICAL.Time>();
  for (const time of [start, ...added, ...rules.flatMap((rule) => expand(rule, start, isKept, steps, within))])
    if (isKept(time)) found.set(time.toUnixTime(), time);
  const times = [...found.values()].sort((a, b) => a.toUnixTime() - b.toUnixTime());
  return { times: times.slice(0, occurrencesMax), isCut: times.length > occurrencesMax };
}

function expand(
  rule: ICAL.Recur,
  start: ICAL.Time,
  isKept: (time: ICAL.Time) => boolean,
  steps: Steps,
  within: Within | undefined,
): ICAL.Time[] {
  if (rule.interval > 1_000) throw new Error("An interval beyond 1,000 is no rule that anyone lives by.");
  if (rule.until) rule.until = lastMoment(rule.until, start);
  const iterator = rule.iterator(start);
  // A rule that nothing fulfils (every 30 February) would be searched for ever.
  const own = { left: within ? Number.POSITIVE_INFINITY : stepsMax };
  // The library works a whole year out at each step of such a rule.
  const cost = rule.freq === "YEARLY" ? 5 : 1;
  const isSpent = () => {
    steps.left -= cost;
    own.left -= cost;
    return steps.left < 0 || own.left < 0;
  };
  const check = iterator.check_contracting_rules.bind(iterator);
  iterator.check_contracting_rules = () => {
    if (isSpent()) throw new Error("The rule is never fulfilled, or hardly ever.");
    return check();
  };
  const times: ICAL.Time[] = [];
  for (let next = iterator.next(); next && times.length <= occurrencesMax; next = iterator.next()) {
    if (next.year > 9_998 || isSpent()) break;
    if (within && next.toUnixTime() * 1_000 >= within.toMs) break;
    if (isKept(next)) times.push(next.clone());
  }
  return times;
}

/** UNTIL is written in UTC, or as the event's own wall clock; as a mere day it includes that day. */
function lastMoment(until: ICAL.Time, start: ICAL.Time): ICAL.Time {
  if (until.zone === ICAL.Timezone.utcTimezone) return until;
  const last = until.clone();
  if (last.isDate && !start.isDate) {
    last.isDate = false;
    [last.hour, last.minute, last.second] = [23, 59, 59];
  }
  if (start.zone) last.zone = start.zone;
  return last;
}

const dayOf = ({ year, month, day }: ICAL.Time): string => `${year}-${month}-${day}`;
