import type { Condition } from "./sentence.ts";
import { standsAt, stem } from "./tokens.ts";
import { listOf } from "./whom.ts";

type Read = [condition: Condition, end: number] | undefined;

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** At what time, on which days. */
export function readWhen(tokens: readonly string[], at: number): Read {
  const [first = "", second = "", third = "", fourth = ""] = tokens.slice(at);
  const span =
    (first === "between" && third === "and") || (first === "from" && ["to", "until", "till"].includes(third));
  const [from, to] = [minuteOf(second), minuteOf(fourth)];
  if (span && from !== undefined && to !== undefined && from !== to) return [between(from, to), at + 4];
  if (first === "after" && from !== undefined && from > 0) return [between(from, 0), at + 2];
  if (first === "before" && from !== undefined && from > 0) return [between(0, from), at + 2];
  if (standsAt(tokens, at, ["at", "night"])) return [between(22 * 60, 7 * 60), at + 2];
  if (["in", "during"].includes(first) && standsAt(tokens, at + 1, ["quiet", "hours"])) return [quiet(true), at + 3];
  if (standsAt(tokens, at, ["outside", "quiet", "hours"])) return [quiet(false), at + 3];
  if (!["on", "at", "during"].includes(first)) return undefined;
  if (stem(second) === "weekend") return [onDays([6, 7], "on weekends"), at + 2];
  if (stem(second) === "weekday" || standsAt(tokens, at + 1, ["working", "day"]))
    return [onDays([1, 2, 3, 4, 5], "on weekdays"), at + (stem(second) === "weekday" ? 2 : 3)];
  const [named, end] = listOf(tokens, at + 1, (token) => days.includes(stem(token)));
  const numbers = named.map((name) => days.indexOf(stem(name)) + 1);
  const words = named.map((name) => `${stem(name).charAt(0).toUpperCase()}${stem(name).slice(1)}s`);
  return named.length > 0 ? [onDays(numbers, `on ${words.join(" and ")}`), end] : undefined;
}

/** Minutes since midnight: `22:00`, `7`, `7am`, `midnight`, `noon`. */
function minuteOf(text: string): number | undefined {
  if (text === "midnight") return 0;
  if (text === "noon") return 12 * 60;
  const [, hour, minute = "0", half] = /^(\d{1,2})(?:[:.](\d{2}))?(am|pm)?$/.exec(text) ?? [];
  if (hour === undefined || Number(minute) > 59) return undefined;
  const hours = half ? (Number(hour) % 12) + (half === "pm" ? 12 : 0) : Number(hour) % 24;
  return Number(hour) > (half ? 12 : 24) ? undefined : hours * 60 + Number(minute);
}

/** From one minute of the day up to another, past midnight where that one is earlier; 0 as the end is midnight. */
function between(from: number, to: number): Condition {
  const end = to === 0 ? 24 * 60 : to;
  const [unit, size] = from % 60 === 0 && end % 60 === 0 ? ["hour", 60] : ["minuteOfDay", 1];
  const since = `context.${unit} >= ${from / size}`;
  const until = `context.${unit} < ${end / size}`;
  const parts = [...(from > 0 ? [since] : []), ...(end < 24 * 60 ? [until] : [])];
  const isPastMidnight = from > end;
  return {
    cedar: isPastMidnight ? `(${since} || ${until})` : parts.join(" && "),
    words:
      to === 0
        ? `after ${clock(from)}`
        : from === 0
          ? `before ${clock(to)}`
          : `between ${clock(from)} and ${clock(to)}`,
    hit: at(from),
    miss: at(end === 24 * 60 ? from - 1 : end),
  };
}

const at = (minute: number) => ({ hour: Math.floor(minute / 60) % 24, minuteOfDay: minute });
const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

const onDays = (numbers: readonly number[], words: string): Condition => ({
  cedar: `[${numbers.join(", ")}].contains(context.weekday)`,
  words,
  hit: { weekday: numbers[0] as number },
  miss: { weekday: [1, 2, 3, 4, 5, 6, 7].find((day) => !numbers.includes(day)) ?? 1 },
});

const quiet = (isQuiet: boolean): Condition => ({
  cedar: isQuiet ? "context.quietHours" : "!context.quietHours",
  words: isQuiet ? "in quiet hours" : "outside quiet hours",
  hit: { quietHours: isQuiet },
  miss: { quietHours: !isQuiet },
});
