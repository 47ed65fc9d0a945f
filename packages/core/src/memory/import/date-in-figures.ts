import type { DateOrder } from "@mh/contract/values/import-format.ts";
import { placeOf } from "../../model/place.ts";
import { readWrittenDate } from "./written-date.ts";

const inFigures = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[T, ]+(\S.{0,30}))?$/;

/** Whether a text is a date in which day and month are figures, with the year behind them. */
export const isInFigures = (text: string): boolean => inFigures.test(text);

/**
 * Which of day and month stands first in dates that were written alike: one number above twelve says it for all. Undefined where
 * none does, and where they contradict each other.
 */
export function orderIn(written: Iterable<string>): DateOrder | undefined {
  const found = new Set<DateOrder>();
  for (const each of written) {
    const [, first, , second] = inFigures.exec(each.trim()) ?? [];
    if (Number(first) > 12) found.add("dmy");
    if (Number(second) > 12) found.add("mdy");
    if (found.size === 2) return undefined;
  }
  return [...found][0];
}

/** What is usual where a time zone is; undefined where it is of no place. */
export function orderAt(timeZone: string): DateOrder | undefined {
  const { isMonthFirst } = placeOf(timeZone);
  return isMonthFirst === undefined ? undefined : isMonthFirst ? "mdy" : "dmy";
}

/** Reads 31.12.2025, 5/8/24 14:30: points stand between day and month in that order; all else is as `order` says. */
export function dateInFigures(text: string, order: () => DateOrder | undefined, timeZone: string): string | undefined {
  const [, first = "", mark, second = "", year = "", time = ""] = inFigures.exec(text.trim()) ?? [];
  if (mark === undefined) return undefined;
  const known = orderIn([text]) ?? (mark === "." || first === second ? "dmy" : order());
  if (known === undefined) return undefined;
  const [day, month] = known === "mdy" ? [second, first] : [first, second];
  const whole = year.length === 2 ? Number(year) + (Number(year) < 70 ? 2000 : 1900) : year;
  const clock = time
    .replace(/(?:uhr|h)$/i, "")
    .trimEnd()
    .replace(/^(\d{1,2})\.(\d{2})$/, "$1:$2");
  return readWrittenDate(`${whole}-${month.padStart(2, "0")}-${day.padStart(2, "0")} ${clock}`.trim(), timeZone);
}
