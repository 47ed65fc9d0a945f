import type { EventTime } from "@mh/contract/values/memory.ts";
import type { Local } from "../../model/wall-clock.ts";

export type Grain = EventTime["grain"];
/** A stretch of wall-clock time found at `index` of a text: [from, to). */
export type LocalSpan = { index: number; text: string; from: Local; to: Local; grain: Grain };

/** Times told relative to now or as a bare year, which chrono-node gives no length: "two weekends ago", "in 2021". */
export function relativeSpans(text: string, now: Local): LocalSpan[] {
  return rules.flatMap(({ pattern, read }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const span = read(match, now);
      return span === undefined ? [] : [{ index: match.index, text: match[0], ...span }];
    }),
  );
}

type Reading = { from: Local; to: Local; grain: Grain } | undefined;
type Rule = { pattern: RegExp; read: (match: RegExpMatchArray, now: Local) => Reading };

const number =
  "(a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:a )?few|(?:a )?couple(?: of)?|several|\\d{1,3})";
const unit = "(day|week|weekend|month|year|decade)s?";
const season = "(spring|summer|autumn|fall|winter)";

const rules: Rule[] = [
  rule(`${number} ${unit} (?:ago|earlier|back)`, ([, count, name], now) => stretch(now, name, -amount(count))),
  rule(`in ${number} ${unit}(?= ?(?:[.,;!?]|$))`, ([, count, name], now) => stretch(now, name, amount(count))),
  rule(`${number} ${unit} from now`, ([, count, name], now) => stretch(now, name, amount(count))),
  rule(`(?:the )?(?:past|last) ${number} ${unit}`, ([, count, name], now) => lasting(now, name, amount(count))),
  rule(`(?:the )?(week|weekend|month|year) before last`, ([, name], now) => stretch(now, name, -2)),
  rule(`the day (before yesterday|after tomorrow)`, ([, which], now) =>
    stretch(now, "day", which?.startsWith("before") ? -2 : 2),
  ),
  rule(`(last|this past|past|this|next|the coming) (week|weekend|month|year)(?! before)`, ([, which, name], now) =>
    stretch(now, name, direction(which)),
  ),
  rule(`(last|this past|this|next) ${season}`, ([, which, name], now) => seasonNear(now, name, direction(which))),
  rule(`${season}(?: of|,)? ((?:19|20)\\d\\d)`, ([, name, year]) => seasonOf(Number(year), name)),
  rule(
    `(?:in|since|from|during|until|till|around|of|year|early|mid|late)[ -]((?:19|20)\\d\\d)(?![-/.:]?\\d|%)`,
    ([, year]) => months(Number(year), 0, 12, "year"),
  ),
];

function rule(source: string, read: Rule["read"]): Rule {
  return { pattern: new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, "giu"), read };
}

const counts: Record<string, number> = Object.fromEntries(
  "zero one two three four five six seven eight nine ten eleven twelve".split(" ").map((word, i) => [word, i]),
);

function amount(words = "one"): number {
  const word = words.toLowerCase();
  if (/couple/.test(word)) return 2;
  if (/few|several/.test(word)) return 3;
  return counts[word] ?? (Number(word) || 1);
}

function direction(which = "this"): number {
  if (/last|past/i.test(which)) return -1;
  return /next|coming/i.test(which) ? 1 : 0;
}

/** The unit that lies `count` units from the present one, whole. Weeks begin on Monday. */
function stretch(now: Local, unit = "day", count: number): Reading {
  const weekday = (new Date(Date.UTC(now.year, now.month, now.day)).getUTCDay() + 6) % 7;
  const monday = now.day - weekday;
  const name = unit.toLowerCase();
  if (name === "day") return days(now, now.day + count, 1, "day");
  if (name === "week") return days(now, monday + 7 * count, 7, "week");
  if (name === "weekend") return days(now, monday + 5 + 7 * count, 2, "day");
  if (name === "month") return months(now.year, now.month + count, 1, "month");
  return months(now.year + count * (name === "decade" ? 10 : 1), 0, 12, "year");
}

function lasting(now: Local, unit: string | undefined, count: number): Reading {
  const first = stretch(now, unit, -count);
  return first && { ...first, to: midnight(now.year, now.month, now.day + 1) };
}

const seasonMonths: Record<string, number> = { spring: 2, summer: 5, autumn: 8, fall: 8, winter: 11 };

/** Northern seasons, by whole months. */
function seasonOf(year: number, name = ""): Reading {
  return months(year, seasonMonths[name.toLowerCase()] ?? 0, 3, "month");
}

function seasonNear(now: Local, name: string | undefined, which: number): Reading {
  const start = seasonMonths[name?.toLowerCase() ?? ""] ?? 0;
  if (which === 0) return seasonOf(now.year, name);
  if (which > 0) return seasonOf(start > now.month ? now.year : now.year + 1, name);
  return seasonOf(start + 3 <= now.month ? now.year : now.year - 1, name);
}

function days({ year, month }: Local, day: number, length: number, grain: Grain): Reading {
  return { from: midnight(year, month, day), to: midnight(year, month, day + length), grain };
}

function months(year: number, month: number, length: number, grain: Grain): Reading {
  return { from: midnight(year, month, 1), to: midnight(year, month + length, 1), grain };
}

const midnight = (year: number, month: number, day: number): Local => ({ year, month, day, hour: 0, minute: 0 });
