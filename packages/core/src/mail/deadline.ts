import { isDayOfMonth, localDay } from "../model/wall-clock.ts";

const dayMs = 86_400_000;

const weekdays = [
  ["sunday", "sonntag"],
  ["monday", "montag"],
  ["tuesday", "dienstag"],
  ["wednesday", "mittwoch"],
  ["thursday", "donnerstag"],
  ["friday", "freitag"],
  ["saturday", "samstag", "sonnabend"],
];
const months = [
  ["jan"],
  ["feb"],
  ["mar", "mär"],
  ["apr"],
  ["may", "mai"],
  ["jun"],
  ["jul"],
  ["aug"],
  ["sep"],
  ["oct", "okt"],
  ["nov"],
  ["dec", "dez"],
];

const cue = String.raw`(?:by|until|till|before|due(?:\s+(?:date|by|on|in))?|deadline(?:\s+(?:is|for\s+\S+\s+is))?|no later than|expires?|ends?|bis|spätestens|frist|fällig|abgabe(?:termin)?|stichtag|läuft)`;
const between = String.raw`[\s:,]+(?:(?:is|the|on|this|next|end of|spätestens|zum|am|ist|den|dem|der|diesen|kommenden|nächsten|ab)\s+){0,3}`;
const when = String.raw`(today|tonight|tomorrow|eod|cob|end of (?:the )?day|day|noon|heute|heute abend|morgen|übermorgen|mittag|${weekdays.flat().join("|")}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\s?\d{1,2}\.(?:\d{4}|\d{2})?|\d{1,2}\.?\s+(?:${months.flat().join("|")})[a-zä]*\.?(?:\s+\d{4})?|(?:${months.flat().join("|")})[a-zä]*\.?\s+\d{1,2}(?:st|nd|rd|th)?)`;
const withCue = new RegExp(String.raw`(?<![\p{L}\p{N}])${cue}${between}${when}(?![\p{L}\p{N}])`, "giu");
const alone =
  /(?<![\p{L}\p{N}])(?:noch heute|heute noch|today at|tonight at|heute um|within (\d{1,2}) hours?|in (\d{1,2}) hours?|(?:binnen|innerhalb von) (\d{1,2}) stunden)(?![\p{L}\p{N}])/giu;

/**
 * Days from now until the nearest deadline that the text names, in English or German; 0 is today. Undefined where it
 * names none, or only such as are over. Words like "tomorrow" count from the day the text was written.
 */
export function daysToDeadline(
  text: string,
  at: { writtenMs: number; nowMs: number; timeZone: string },
): number | undefined {
  const today = dayNumber(at.nowMs, at.timeZone);
  const written = dayNumber(at.writtenMs, at.timeZone);
  const named = [...text.matchAll(withCue)].flatMap(([, words = ""]) => dayOf(words.toLowerCase(), written) ?? []);
  const soon = [...text.matchAll(alone)].map((found) => {
    const hours = Number(found[1] ?? found[2] ?? found[3] ?? 0);
    return dayNumber(at.writtenMs + hours * 3_600_000, at.timeZone);
  });
  const ahead = [...named, ...soon].map((day) => day - today).filter((days) => days >= 0);
  return ahead.length > 0 ? Math.min(...ahead) : undefined;
}

function dayNumber(ms: number, timeZone: string): number {
  return Date.parse(localDay(ms, timeZone)) / dayMs;
}

function dayOf(words: string, written: number): number | undefined {
  if (/^(?:today|tonight|eod|cob|end of|day$|noon|heute|mittag)/.test(words)) return written;
  if (/^(?:tomorrow|morgen)/.test(words)) return written + 1;
  if (words === "übermorgen") return written + 2;
  const weekday = weekdays.findIndex((names) => names.includes(words));
  // The first of January 1970 was a Thursday.
  if (weekday !== -1) return written + ((weekday - ((written + 4) % 7) + 7) % 7);
  return dateOf(words, written);
}

function dateOf(words: string, written: number): number | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words);
  if (iso) return dayIn(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const german = /^(\d{1,2})\.\s?(\d{1,2})\.(\d{2,4})?$/.exec(words);
  if (german) return nearest(Number(german[2]) - 1, Number(german[1]), german[3], written);
  const name = /[a-zä]{3,}/.exec(words)?.[0] ?? "";
  const month = months.findIndex((names) => names.some((start) => name.startsWith(start)));
  const day = /(?<!\d)\d{1,2}(?!\d)/.exec(words)?.[0];
  const year = /\d{4}/.exec(words)?.[0];
  return month === -1 || day === undefined ? undefined : nearest(month, Number(day), year, written);
}

/** Without a year, the one to come. */
function nearest(month: number, day: number, year: string | undefined, written: number): number | undefined {
  if (year !== undefined) return dayIn(Number(year.length === 2 ? `20${year}` : year), month, day);
  const thisYear = new Date(written * dayMs).getUTCFullYear();
  const here = dayIn(thisYear, month, day);
  return here !== undefined && here < written ? dayIn(thisYear + 1, month, day) : here;
}

function dayIn(year: number, month: number, day: number): number | undefined {
  return isDayOfMonth(year, month, day) ? Math.floor(Date.UTC(year, month, day) / dayMs) : undefined;
}
