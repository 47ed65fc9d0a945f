import type ICAL from "ical.js";
import { expanded, lastMoment, type Steps } from "./calendar-expand.ts";
import { soonerStart } from "./calendar-jump.ts";

const occurrencesMax = 366;
const rulesMax = 10;
/** How much of a series that goes on is kept: so many times, no further away, but at least the nearest. */
const kept = {
  wholeMax: 48,
  before: 16,
  after: 32,
  afterMin: 2,
  beforeMs: 366 * 86_400_000,
  afterMs: 2 * 366 * 86_400_000,
};

/** Occurrences that begin from `fromMs` on and before `toMs`. */
export interface Within {
  fromMs: number;
  toMs: number;
}
/** All of a short series; of one that goes on, the times around `nowMs`. */
export interface Around {
  nowMs: number;
}

/** `isCut`: there are more than these. */
export interface Occurrences {
  times: ICAL.Time[];
  isCut: boolean;
}

/**
 * When an event that begins at `start` happens, by its rules (RFC 5545 §3.8.5), in order: in a window (366 at most), or
 * around now. Throws where a rule cannot be worked out.
 */
export function occurrences(
  start: ICAL.Time,
  rules: readonly ICAL.Recur[],
  added: readonly ICAL.Time[],
  excluded: readonly ICAL.Time[],
  steps: Steps,
  part: Within | Around,
): Occurrences {
  if (rules.length > rulesMax) throw new Error("Nobody lives by that many rules.");
  const gone = new Set(excluded.map((time) => time.toUnixTime()));
  const goneDays = new Set(excluded.filter(({ isDate }) => isDate).map(dayOf));
  const isKept = (time: ICAL.Time) => !gone.has(time.toUnixTime()) && !goneDays.has(dayOf(time));
  const found = new Map<number, ICAL.Time>();
  let isCut = false;
  for (const rule of rules) {
    const expanded =
      "nowMs" in part ? around(rule, start, isKept, steps, part) : inside(rule, start, isKept, steps, part);
    isCut ||= expanded.isCut;
    for (const time of expanded.times) found.set(time.toUnixTime(), time);
  }
  for (const time of [start, ...added]) if (isKept(time) && isIn(time, part)) found.set(time.toUnixTime(), time);
  const times = [...found.values()].sort((a, b) => a.toUnixTime() - b.toUnixTime());
  if ("nowMs" in part) {
    const near = nearest(times, part.nowMs, isCut);
    return { times: near, isCut: isCut || near.length < times.length };
  }
  return { times: times.slice(0, occurrencesMax), isCut: isCut || times.length > occurrencesMax };
}

const isIn = (time: ICAL.Time, part: Within | Around): boolean => {
  const ms = time.toUnixTime() * 1_000;
  return "nowMs" in part || (ms >= part.fromMs && ms < part.toMs);
};

function inside(rule: ICAL.Recur, start: ICAL.Time, isKept: Keep, steps: Steps, within: Within): Occurrences {
  const from = soonerStart(rule, start, within.fromMs, { periods: 1, days: 1 }) ?? start;
  const times: ICAL.Time[] = [];
  for (const next of expanded(rule, from, { fromMs: within.fromMs, endMs: within.toMs }, steps)) {
    if (isKept(next) && isIn(next, within)) times.push(next);
    if (times.length > occurrencesMax) break;
  }
  return { times, isCut: false };
}

/** Of a rule that goes on, or began long ago, only what is near now is worked out: the rest need not be counted. */
function around(rule: ICAL.Recur, start: ICAL.Time, isKept: Keep, steps: Steps, { nowMs }: Around): Occurrences {
  const isEndless = !rule.until && !rule.count;
  const endMs = rule.until ? Math.min(nowMs, lastMoment(rule.until, start).toUnixTime() * 1_000) : nowMs;
  const from = soonerStart(rule, start, endMs, back(rule, isEndless)) ?? start;
  const goesOn = isEndless || from !== start;
  const times: ICAL.Time[] = [];
  let ahead = 0;
  // One that begins years from now is looked at from there.
  const aheadMs = Math.max(nowMs, start.toUnixTime() * 1_000) + farMs(rule);
  for (const next of expanded(rule, from, { fromMs: nowMs, endMs: aheadMs }, steps)) {
    if (!isKept(next)) continue;
    times.push(next);
    const ms = next.toUnixTime() * 1_000;
    if (ms >= nowMs) ahead += 1;
    const isEnough = ahead >= kept.after || (ahead >= kept.afterMin && ms > nowMs + kept.afterMs);
    if ((goesOn && isEnough) || ahead > kept.wholeMax) return { times, isCut: true };
    // What is long over need not be held.
    if (ahead === 0 && times.length > 4 * kept.wholeMax) times.splice(1, kept.wholeMax);
  }
  if (times.length === 0) throw new Error("The rule is never fulfilled, or hardly ever.");
  return { times, isCut: goesOn };
}

/** How far ahead to look: two of the rarest are kept, and a whole short series. */
function farMs({ freq, interval, count }: ICAL.Recur): number {
  const yearsEach = freq === "YEARLY" ? interval : freq === "MONTHLY" ? interval / 12 : 0;
  const periods = count ? Math.min(count, kept.wholeMax) : kept.afterMin;
  return kept.afterMs + Math.ceil(yearsEach * (periods + 1)) * 366 * 86_400_000;
}

/** How far back the times are wanted. One with an end may be short enough to be kept whole. */
function back({ freq, interval }: ICAL.Recur, isEndless: boolean): { periods: number; days: number } {
  if (!isEndless) return { periods: kept.wholeMax, days: 0 };
  const isOften = freq !== "YEARLY" && freq !== "MONTHLY";
  return { periods: isOften ? Math.min(kept.before, Math.ceil(366 / interval)) : 1, days: isOften ? 1 : 366 };
}

/** All where they are few; else those around now, and where all are over, the last ones. */
function nearest(times: readonly ICAL.Time[], nowMs: number, goesOn: boolean): ICAL.Time[] {
  if (!goesOn && times.length <= kept.wholeMax) return [...times];
  const msOf = (time: ICAL.Time) => time.toUnixTime() * 1_000;
  const split = times.findIndex((time) => msOf(time) >= nowMs);
  if (split < 0) return times.slice(-kept.before);
  const before = times.slice(0, split).filter((time, i) => msOf(time) >= nowMs - kept.beforeMs || i === split - 1);
  const after = times.slice(split).filter((time, i) => msOf(time) <= nowMs + kept.afterMs || i < kept.afterMin);
  return [...before.slice(-kept.before), ...after.slice(0, kept.after)];
}

type Keep = (time: ICAL.Time) => boolean;

const dayOf = ({ year, month, day }: ICAL.Time): string => `${year}-${month}-${day}`;
