import ICAL from "ical.js";

/** Units in a day, of the rules whose periods do not depend on the month. */
export const perDay: Record<string, number> = { SECONDLY: 86_400, MINUTELY: 1_440, HOURLY: 24 };

/**
 * A later start from which a rule gives the same times from some time on: at least `periods` of the rule and `days` before
 * `untilMs`, and as far from `start` as whole periods are. Undefined where there is no such start, or where the times are
 * counted. So a series that began long ago costs no more than one that began today.
 */
export function soonerStart(
  rule: ICAL.Recur,
  start: ICAL.Time,
  untilMs: number,
  { periods, days }: { periods: number; days: number },
): ICAL.Time | undefined {
  if (rule.count) return undefined;
  const since = (untilMs / 1_000 - start.toUnixTime()) / 86_400;
  const years = yearsPerPeriod(rule, start);
  if (years !== undefined) {
    const each = (rule.freq === "YEARLY" ? 365.2425 : 30.436875) * rule.interval;
    const back = Math.max(days, each * periods) + 366;
    const jumps = Math.floor((since - back) / 365.2425 / years);
    return jumps >= 1 ? moved(start, { years: jumps * years }) : undefined;
  }
  const period = daysPerPeriod(rule);
  if (period === undefined) return undefined;
  const jumps = Math.floor((since - Math.max(days, period * periods)) / period);
  return jumps >= 1 ? moved(start, { days: jumps * period }) : undefined;
}

function daysPerPeriod({ freq, interval }: ICAL.Recur): number | undefined {
  if (freq === "WEEKLY") return 7 * interval;
  if (freq === "DAILY") return interval;
  const units = perDay[freq];
  return units === undefined ? undefined : interval / gcd(interval, units);
}

/** Whole years, so that month and day of the start, which a rule may mean without saying them, stay what they are. */
function yearsPerPeriod(rule: ICAL.Recur, start: ICAL.Time): number | undefined {
  if (start.month === 2 && start.day === 29) return undefined;
  // Without a weekday these mean that of the start, which is another one in another year.
  if (rule.parts.BYWEEKNO && !rule.parts.BYDAY) return undefined;
  if (rule.freq === "YEARLY") return rule.interval;
  return rule.freq === "MONTHLY" ? rule.interval / gcd(rule.interval, 12) : undefined;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function moved(start: ICAL.Time, { years = 0, days = 0 }: { years?: number; days?: number }): ICAL.Time {
  const { year, month, day, hour, minute, second, isDate } = start;
  const there = new Date(Date.UTC(year + years, month - 1, day + days));
  const date = { year: there.getUTCFullYear(), month: there.getUTCMonth() + 1, day: there.getUTCDate() };
  return new ICAL.Time({ ...date, hour, minute, second, isDate }, start.zone ?? ICAL.Timezone.localTimezone);
}
