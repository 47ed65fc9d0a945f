import type { Local } from "../../model/wall-clock.ts";
import { type Rule, rule } from "./rule.ts";
import { days, midnight, months, type Now, type Stretch, unitAway } from "./stretches.ts";
import {
  amount,
  direction,
  directionOf,
  number,
  partOfDay,
  season,
  seasonMonth,
  unit,
  unitOf,
  year,
} from "./time-words.ts";

const dayPart = `(?: ${partOfDay})?`;

/** Times told relative to now, or as a bare year or season: "two weekends ago", "vor drei Tagen", "in 2021". */
export const relativeRules: readonly Rule[] = [
  rule(`${number} ${unit}s? (?:ago|earlier|back)`, ([, count, name], { now }) => away(now, name, -amount(count))),
  rule(`vor ${number} ${unit}`, ([, count, name], { now }) => away(now, name, -amount(count))),
  rule(`in ${number} ${unit}(?:s['’]?|['’]s)?(?: time)?(?= ?(?:[.,;!?]|$))`, ([, count, name], { now }) =>
    away(now, name, amount(count)),
  ),
  rule(`${number} ${unit}s? from now`, ([, count, name], { now }) => away(now, name, amount(count))),
  rule(`(?:today|heute) in ${number} ${unit}s?`, ([, count, name], { now }) => away(now, name, amount(count))),
  rule(`(?:the )?(?:past|last) ${number} ${unit}s?`, ([, count, name], { now }) => lasting(now, name, amount(count))),
  rule(`(?:die |den |der )?(?:letzten|vergangenen) ${number} ${unit}`, ([, count, name], { now }) =>
    lasting(now, name, amount(count)),
  ),
  rule(`(?:the )?(week|weekend|month|year) before last`, ([, name], { now }) => away(now, name, -2)),
  rule(`(?:the )?(week|weekend|month|year) after next`, ([, name], { now }) => away(now, name, 2)),
  rule(`(?:the )?day before yesterday|vorgestern${dayPart}`, (_, { now }) => days(now, now.day - 2)),
  rule(`(?:the )?day after tomorrow|übermorgen${dayPart}`, (_, { now }) => days(now, now.day + 2)),
  rule(`gestern${dayPart}`, (_, { now }) => days(now, now.day - 1)),
  rule(`heute${dayPart}`, (_, { now }) => days(now, now.day)),
  // "Guten Morgen", "am Morgen" are no day.
  rule(`(?<!(?:am|jede[nm]|guten|diese[nm]|der|den|heute|gestern|schönen) )morgen${dayPart}`, (_, { now }) =>
    days(now, now.day + 1),
  ),
  rule(`${direction} ${unit}(?! before)(?! after)`, ([, which, name], { now }) => away(now, name, directionOf(which))),
  rule(`${direction} ${season}`, ([, which, name], { now }) => seasonNear(now, name, directionOf(which))),
  rule(`${season}(?: of|,)? ${year}`, ([, name, told]) => seasonOf(Number(told), name)),
  rule(
    `(?:in|since|from|during|until|till|around|of|year|early|mid|late|im jahre?|jahr|seit|bis|um|anfang|ende)[ -]${year}`,
    ([, told]) => months(Number(told), 0, 12, "year"),
  ),
];

function away(now: Now, unit: string | undefined, count: number): Stretch {
  return unitAway(now, unitOf(unit), count);
}

function lasting(now: Now, unit: string | undefined, count: number): Stretch {
  return { ...away(now, unit, -count), to: midnight(now.year, now.month, now.day + 1) };
}

/** Northern seasons, by whole months. */
function seasonOf(year: number, name: string | undefined): Stretch {
  return months(year, seasonMonth(name), 3, "month");
}

function seasonNear(now: Local, name: string | undefined, which: number): Stretch {
  const start = seasonMonth(name);
  if (which === 0) return seasonOf(now.year, name);
  if (which > 0) return seasonOf(start > now.month ? now.year : now.year + 1, name);
  return seasonOf(start + 3 <= now.month ? now.year : now.year - 1, name);
}
