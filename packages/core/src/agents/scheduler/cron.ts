import { parse, validateDetailed } from "node-cron";
import { instantOf, type Local, localOf } from "../../model/wall-clock.ts";

/** A time on the wall at which something is due, once, whatever the clocks do. */
export interface Slot {
  /** `2026-10-25T02:30`, as the wall shows it: what makes a run the same run. */
  slot: string;
  /** The instant, milliseconds UTC. */
  atMs: number;
}

/** Why an expression is no cron schedule; undefined where it is one. Five fields: minute, hour, day, month, weekday. */
export function cronFault(expression: string): string | undefined {
  if (expression.trim().split(/\s+/).length !== 5) return "it has five fields: minute, hour, day, month, weekday";
  const { errors } = validateDetailed(expression);
  const [error] = errors;
  if (error) return `${error.field}: ${error.message}`;
  const { dayOfMonth, dayOfWeek } = parse(expression);
  const special = [...dayOfMonth, ...dayOfWeek].find((value) => typeof value === "string");
  return special === undefined ? undefined : `${special} is not understood; a number is`;
}

/**
 * The slots of a cron schedule in (afterMs, untilMs], oldest first, in the wall time of `timeZone`. node-cron says what
 * the expression means. A time that a clock change skips is due as much later as the clock was put forward; one that it
 * doubles is due at its first coming.
 */
export function* cronSlots(expression: string, timeZone: string, afterMs: number, untilMs: number): Generator<Slot> {
  const fields = fieldsOf(expression);
  const first = localOf(afterMs - dayMs, timeZone);
  const last = Date.UTC(...dateOf(localOf(untilMs, timeZone)));
  for (let day = Date.UTC(...dateOf(first)); day <= last; day += dayMs) {
    if (!isDay(fields, new Date(day))) continue;
    const wall = localOf(day, "UTC");
    for (const hour of fields.hours) {
      for (const minute of fields.minutes) {
        const atMs = instantOf({ ...wall, hour, minute }, timeZone);
        if (atMs > untilMs) continue;
        if (atMs > afterMs)
          yield { slot: new Date(day + hour * hourMs + minute * 60_000).toISOString().slice(0, 16), atMs };
      }
    }
  }
}

/** The next slot after an instant; undefined where there is none within four years and a day (29 February). */
export function nextCronSlot(expression: string, timeZone: string, afterMs: number): Slot | undefined {
  const spans = [dayMs, 40 * dayMs, 1462 * dayMs];
  for (const span of spans) {
    for (const slot of cronSlots(expression, timeZone, afterMs, afterMs + span)) return slot;
  }
  return undefined;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Fields {
  minutes: number[];
  hours: number[];
  days: Set<number>;
  months: Set<number>;
  weekdays: Set<number>;
  /** As cron has it: where both day fields are bounded, either may fit. */
  isEither: boolean;
}

const parsed = new Map<string, Fields>();
const parsedMax = 1_000;

function fieldsOf(expression: string): Fields {
  const known = parsed.get(expression);
  if (known) return known;
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  const [, , day = "*", , weekday = "*"] = expression.trim().split(/\s+/);
  const ascending = (values: number[]) => [...values].sort((a, b) => a - b);
  const fields = {
    minutes: ascending(minute),
    hours: ascending(hour),
    days: new Set(dayOfMonth.map(Number)),
    months: new Set(month),
    weekdays: new Set(dayOfWeek.map((value) => Number(value) % 7)),
    isEither: !day.startsWith("*") && !weekday.startsWith("*"),
  };
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(expression, fields);
  return fields;
}

function isDay({ days, months, weekdays, isEither }: Fields, day: Date): boolean {
  if (!months.has(day.getUTCMonth() + 1)) return false;
  const fits = [days.has(day.getUTCDate()), weekdays.has(day.getUTCDay())];
  return isEither ? fits.includes(true) : !fits.includes(false);
}

const dateOf = ({ year, month, day }: Local): [number, number, number] => [year, month, day];
