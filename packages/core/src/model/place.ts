import { monthFirstPlaces, saturdayPlaces, sundayPlaces } from "./places.ts";

/** What is the custom where a time zone is. */
export interface Place {
  /** The day on which the week begins: 0 is Monday, 6 Sunday. */
  weekStart: number;
  /** Whether the month stands first in 5/12; undefined where the zone is of no place, as UTC is. */
  isMonthFirst: boolean | undefined;
}

const known = new Map<string, Place>();
/** There are some 600 zones; but each may be written in many ways. */
const knownMax = 600;

/** What is the custom where the time zone is, by the CLDR; ISO 8601 where it is of no place. */
export function placeOf(timeZone: string): Place {
  const before = known.get(timeZone);
  if (before !== undefined) return before;
  // "Asia/Kolkata" is the same zone by another name; Node gives the one that the table has.
  const name = new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  const isIn = (places: string) => ` ${places} `.includes(` ${name} `);
  const isPlace = name.includes("/") && !name.startsWith("Etc/");
  const place = {
    weekStart: isIn(sundayPlaces) ? 6 : isIn(saturdayPlaces) ? 5 : 0,
    isMonthFirst: isPlace ? isIn(monthFirstPlaces) : undefined,
  };
  if (known.size >= knownMax) known.clear();
  known.set(timeZone, place);
  return place;
}
