import { instantOf, isDayOfMonth } from "../../model/wall-clock.ts";
import { monthOf } from "./month-names.ts";

const time =
  "(?:[T ,]+(?:(?:at|um|à|a las) )?(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?: ?([ap])\\.?m\\.?)? ?(Z|UTC|GMT|[+-]\\d{2}:?\\d{2})?)?";
const weekday = "(?:\\p{L}{2,12}\\.?,? )?";
const yearFirst = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${time}(?: ${weekday})?$`, "iu");
const dayFirst = new RegExp(
  `^${weekday}(\\d{1,2})(?:st|nd|rd|th|er|º|\\.)?(?: de|[ -]) ?(\\p{L}{3,12})\\.?,?(?: de|[ -]) ?(\\d{4})${time}$`,
  "iu",
);
// Of two digits a year is one of this century up to 69, as in tables.
const shortYear = new RegExp(`^(\\d{1,2})[ -](\\p{L}{3,12})\\.?[ -](\\d{2})${time}$`, "iu");
const monthFirst = new RegExp(`^${weekday}(\\p{L}{3,12})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})${time}$`, "iu");

/**
 * Reads a date that can mean one thing only, as ISO 8601 UTC: year first (ISO 8601, 2024/5/8), or with the month as a word
 * ("8 May 2024", "8. Mai 2024", "Wed, 08 May 2024 13:56:00 +0200", "May 8th 2024, 1:56 pm"). One without an offset is
 * wall-clock time in `timeZone`. Anything else, such as 5/8/2024 or 31 February, is `undefined`.
 */
export function readWrittenDate(text: string, timeZone: string): string | undefined {
  if (text.length > 80) return undefined;
  const trimmed = text.replace(/\s+/g, " ").trim();
  const iso = yearFirst.exec(trimmed);
  if (iso) return instant([iso[1], iso[3], iso[4]], iso.slice(5), timeZone);
  const day = dayFirst.exec(trimmed);
  if (day) return instant([day[3], monthNumber(day[2]), day[1]], day.slice(4), timeZone);
  const short = shortYear.exec(trimmed);
  if (short)
    return instant(
      [`${Number(short[3]) < 70 ? 20 : 19}${short[3]}`, monthNumber(short[2]), short[1]],
      short.slice(4),
      timeZone,
    );
  const month = monthFirst.exec(trimmed);
  return month ? instant([month[3], monthNumber(month[1]), month[2]], month.slice(4), timeZone) : undefined;
}

const monthNumber = (name = ""): string => String(monthOf(name) ?? 0);

type Parts = (string | undefined)[];

function instant(
  date: Parts,
  [hour, minute, second, fraction, half, offset]: Parts,
  timeZone: string,
): string | undefined {
  const [year = 0, month = 0, day = 0] = date.map(Number);
  const [written, m, s] = [hour, minute, second].map((part) => Number(part ?? 0)) as [number, number, number];
  // Of years below 100 nobody knows the century.
  if (year < 100 || !isDayOfMonth(year, month - 1, day)) return undefined;
  if (half !== undefined && (written < 1 || written > 12)) return undefined;
  const h = half === undefined ? written : (written % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  if (h > 23 || m > 59 || s > 59) return undefined;
  const local = { year, month: month - 1, day, hour: h, minute: m };
  const wholeMinutes =
    offset === undefined
      ? instantOf(local, timeZone)
      : Date.UTC(year, month - 1, day, h, m) - offsetMinutes(offset) * 60_000;
  return new Date(wholeMinutes + s * 1_000 + Number(`0.${fraction ?? 0}`) * 1_000).toISOString();
}

function offsetMinutes(offset: string): number {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(offset);
  return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
}
