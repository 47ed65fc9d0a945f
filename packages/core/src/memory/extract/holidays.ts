import { type Rule, rule } from "./rule.ts";
import { days, meant, nthWeekday, type Stretch } from "./stretches.ts";
import { directionOf } from "./time-words.ts";

/** Easter Sunday of the Gregorian calendar, as the day of March (Meeus, Jones and Butcher's algorithm). */
function easterOf(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const d = b - Math.floor((8 * b + 13) / 25) - Math.floor(b / 4);
  const h = (19 * a + d + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  return h + l - 7 * m + 22;
}

const cue = "((?:at|on|over|by|since|an|zu|über|seit|bis|à|en|em|no|na) )?";
const which = "(?:(last|this|next|letzte[nrs]?|diese[nrs]?|nächste[nrs]?) )?";

type Holiday = readonly [names: string, of: (year: number) => Stretch];
const march = (year: number) => ({ year, month: 2 });
const holidays: readonly Holiday[] = [
  [
    "christmas eve|heilig(?:er )?abend|nochebuena|réveillon de noël|véspera de natal|consoada",
    (year) => december(year, 24),
  ],
  ["christmas(?: day)?|xmas|weihnachten|noël|navidad|natal", (year) => december(year, 25, 2)],
  [
    "new year['’]?s eve|silvester|nochevieja|saint-sylvestre|passagem de ano|véspera de ano novo",
    (year) => december(year, 31),
  ],
  [
    "new year['’]?s(?: day)?|neujahr|nouvel an|jour de l['’]an|año nuevo|ano novo",
    (year) => days({ year, month: 0 }, 1),
  ],
  [
    "good friday|karfreitag|vendredi saint|viernes santo|sexta-feira santa",
    (year) => days(march(year), easterOf(year) - 2),
  ],
  ["easter|ostern|pâques|pascua|páscoa", (year) => days(march(year), easterOf(year), 2)],
  [
    "pentecost|whitsun|pfingsten|pentecôte|pentecostés|pentecostes",
    (year) => days(march(year), easterOf(year) + 49, 2),
  ],
  ["thanksgiving", (year) => days({ year, month: 10 }, nthWeekday(year, 10, 3, 4))],
  ["halloween", (year) => days({ year, month: 9 }, 31)],
];
const december = (year: number, day: number, length = 1): Stretch => days({ year, month: 11 }, day, length);

/** Of the year that is named or that the question looks to. "The Christmas cake" is none: something has to say that it is a time. */
export const holidayRules: readonly Rule[] = rulesFor(false);

/** The same where the words are a time or nothing. */
export const bareHolidayRules: readonly Rule[] = rulesFor(true);

function rulesFor(isAlone: boolean): readonly Rule[] {
  return holidays.map(([names, of]) =>
    rule(`${cue}${which}(?:${names})(?: ((?:19|20)\\d\\d))?`, ([, cued, near, year], said) => {
      if (!isAlone && cued === undefined && near === undefined && year === undefined) return undefined;
      if (year !== undefined) return of(Number(year));
      const away = directionOf(near);
      const toward = away < 0 ? "past" : away > 0 ? "future" : said.toward;
      return meant({ ...said, toward }, (offset) => of(said.now.year + offset));
    }),
  );
}

export const mayNameHoliday = (text: string): boolean => holidayNames.test(text);
const holidayNames = new RegExp(`(?<![a-zà-ÿ])(?:${holidays.map(([names]) => names).join("|")})(?![a-zà-ÿ])`, "i");
