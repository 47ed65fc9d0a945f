import { instantOf } from "../../model/wall-clock.ts";

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const time = "(?:[T ,]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)? ?(Z|UTC|GMT|[+-]\\d{2}:?\\d{2})?)?";
const yearFirst = new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${time}$`, "i");
const dayFirst = new RegExp(
  `^(?:[a-z]{3,9},? )?(\\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\\.?,?[ -](\\d{4})${time}$`,
  "i",
);
const monthFirst = new RegExp(`^(?:[a-z]{3,9},? )?([a-z]{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})${time}$`, "i");

/**
 * Reads a date that can mean one thing only, as ISO 8601 UTC: ISO 8601 itself, or with the month as an English word
 * ("8 May 2024", "Wed, 08 May 2024 13:56:00 +0200"). One without an offset is wall-clock time in `timeZone`.
 * Anything else, such as 5/8/2024 or 31 February, is `undefined`.
 */
export function readWrittenDate(text: string, timeZone: string): string | undefined {
  if (text.length > 64) return undefined;
  const trimmed = text.trim();
  const iso = yearFirst.exec(trimmed);
  if (iso) return instant([iso[1], iso[2], iso[3]], iso.slice(4), timeZone);
  const day = dayFirst.exec(trimmed);
  if (day) return instant([day[3], monthNumber(day[2]), day[1]], day.slice(4), timeZone);
  const month = monthFirst.exec(trimmed);
  return month ? instant([month[3], monthNumber(month[1]), month[2]], month.slice(4), timeZone) : undefined;
}

const full = "january february march april may june july august september october november december sept".split(" ");

function monthNumber(name = ""): string {
  const word = name.toLowerCase();
  return full.includes(word) || monthNames.includes(word) ? String(monthNames.indexOf(word.slice(0, 3)) + 1) : "0";
}

type Parts = (string | undefined)[];

function instant(date: Parts, [hour, minute, second, fraction, offset]: Parts, timeZone: string): string | undefined {
  const [year = 0, month = 0, day = 0] = date.map(Number);
  const [h, m, s] = [hour, minute, second].map((part) => Number(part ?? 0)) as [number, number, number];
  const check = new Date(Date.UTC(year, month - 1, day));
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day || check.getUTCFullYear() !== year)
    return undefined;
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
