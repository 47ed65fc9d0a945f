import type { Stretch } from "./stretches.ts";

const clock = "(\\d{1,2})(?:([:.])(\\d{2}))?(?: ?(uhr|[ap]\\.?m\\.?|h))?";
const after = new RegExp(
  `,? (?:(um|at|gegen|ab|von|from|@) ?)?${clock}(?:(?: ?[-–] ?| bis | to )${clock})?(?![\\w:]|[.]\\d)`,
  "iy",
);

/** A day with the time of day that stands right behind it: "am Freitag um 15 Uhr", "by Friday 3pm". */
export function withTimeOfDay<T extends Stretch & { index: number; text: string }>(text: string, day: T): T {
  const isDay = day.grain === "day" && day.to.day === day.from.day + 1;
  if (!isDay) return day;
  after.lastIndex = day.index + day.text.length;
  const match = after.exec(text);
  if (!match) return day;
  const [words, cue, ...parts] = match;
  const [hour, dot, minute, unit, lastHour, , lastMinute, lastUnit] = parts;
  // A bare number is a time of day where a word says so; with a point it may be another date.
  if (!(cue || unit || lastUnit || (dot === ":" && minute))) return day;
  const from = onDay(day, hour, minute, unit ?? lastUnit);
  const to = lastHour === undefined ? undefined : onDay(day, lastHour, lastMinute, lastUnit ?? unit);
  if (from === undefined) return day;
  const grain = from.minute === 0 ? ("hour" as const) : ("minute" as const);
  const end = to ?? (grain === "hour" ? { ...from, hour: from.hour + 1 } : { ...from, minute: from.minute + 1 });
  return { ...day, text: day.text + words, from, to: end, grain, point: from };
}

function onDay({ from }: Stretch, hour?: string, minute = "0", unit = "") {
  const isAfternoon = /^p/i.test(unit);
  const told = Number(hour);
  const counted = /^[ap]/i.test(unit) ? (told % 12) + (isAfternoon ? 12 : 0) : told;
  return counted > 24 || Number(minute) > 59 ? undefined : { ...from, hour: counted, minute: Number(minute) };
}
