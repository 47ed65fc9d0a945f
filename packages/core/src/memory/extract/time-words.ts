/**
 * Words for times in English and German, one table for both languages. The values are source text of patterns; the
 * functions below them read what such a pattern matched, in small or capital letters.
 */

const counts: Record<string, number> = {
  ...Object.fromEntries("zero one two three four five six seven eight nine ten eleven twelve".split(" ").map(numbered)),
  ...Object.fromEntries("null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(" ").map(numbered)),
  ...{ fourteen: 14, vierzehn: 14, zwoelf: 12, fuenf: 5 },
};

function numbered(word: string, i: number): [string, number] {
  return [word, i];
}

export const number =
  "((?:a |ein )?(?:few|paar)|(?:a )?couple(?: of)?|several|einigen?|mehreren?|an?|ein(?:e[mnr]?)?|" +
  `${Object.keys(counts).slice(1).join("|")}|\\d{1,3})`;

/** How many a match of `number` says. */
export function amount(words = "one"): number {
  const word = words.toLowerCase();
  if (/couple/.test(word)) return 2;
  if (/few|paar|several|einige|mehrere/.test(word)) return 3;
  return counts[word] ?? (Number(word) || 1);
}

export type Unit = "day" | "week" | "weekend" | "fortnight" | "month" | "year" | "decade";

export const unit =
  "(day|weekend|week|fortnight|month|year|decade|tag(?:en?)?|wochenenden?|wochen?|monat(?:en?)?|jahrzehnt(?:en?)?|jahr(?:en?)?)";

export function unitOf(word = "day"): Unit {
  const name = word.toLowerCase();
  if (name.startsWith("wochenende")) return "weekend";
  if (name.startsWith("jahrzehnt")) return "decade";
  const german = { tag: "day", woche: "week", monat: "month", jahr: "year" } as const;
  for (const [begin, meaning] of Object.entries(german)) if (name.startsWith(begin)) return meaning;
  return name as Unit;
}

const ending = "(?:e[mnrs]?)";
/** Which one, seen from now. */
export const direction =
  `(this past|last|past|previous|this|next|the coming|coming|vorletzt${ending}|letzt${ending}|vergangen${ending}|` +
  `vorig${ending}|dies${ending}|übernächst${ending}|nächst${ending}|kommend${ending})`;

export function directionOf(which = "this"): number {
  if (/^vorletzt/i.test(which)) return -2;
  if (/^übernächst/i.test(which)) return 2;
  if (/last|past|previous|letzt|vergangen|vorig/i.test(which)) return -1;
  return /next|coming|nächst|kommend/i.test(which) ? 1 : 0;
}

const monthNames = [
  ...[
    "jan(?:uary|uar)?|jänner",
    "feb(?:ruary|ruar)?",
    "mar(?:ch)?|märz|maerz|mär",
    "apr(?:il)?",
    "may|mai",
    "june?|juni",
  ],
  ...["july?|juli", "aug(?:ust)?", "sept?(?:ember)?", "o[ck]t(?:ober)?", "nov(?:ember)?", "de[cz](?:ember)?"],
];
export const month = `(${monthNames.join("|")})\\.?`;
/** Without those that are English words. */
export const germanMonth =
  "(jan(?:uar)?|jänner|feb(?:ruar)?|märz?|maerz|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dez(?:ember)?)\\.?";
const monthPatterns = monthNames.map((names) => new RegExp(`^(?:${names})$`, "i"));
/** From 0. */
export const monthOf = (name = ""): number => monthPatterns.findIndex((pattern) => pattern.test(name));

const englishDays = ["mon", "tue(?:s)?", "wed(?:nes)?", "thu(?:r|rs)?", "fri", "sat(?:ur)?", "sun"];
const germanDays = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"];
export const englishWeekday =
  "(monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|thu|fri|sat|sun)";
export const germanWeekday = `(${germanDays.join("|")})`;
/** Two letters that are words of their own in running text. */
export const shortGermanWeekday = "(mo|di|mi|do|fr|sa|so)\\.?";
const weekdayPatterns = englishDays.map(
  (names, i) => new RegExp(`^(?:(?:${names})(?:day)?|${germanDays[i]}|${"mo di mi do fr sa so".split(" ")[i]})$`, "i"),
);
/** From 0, a Monday. */
export const weekdayIndex = (name = ""): number => weekdayPatterns.findIndex((pattern) => pattern.test(name));

export const ordinal =
  "(first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th|erste[mnrs]?|zweite[mnrs]?|dritte[mnrs]?|vierte[mnrs]?|fünfte[mnrs]?|letzte[mnrs]?|[1-5]\\.)";

/** 1 to 5, or -1 for the last. */
export function ordinalOf(word = ""): number {
  if (/^(?:last|letzte)/i.test(word)) return -1;
  const digit = Number(/^\d/.exec(word)?.[0] ?? 0);
  const words = [/^(?:first|erste)/i, /^(?:second|zweite)/i, /^(?:third|dritte)/i, /^(?:fourth|vierte)/i, /./];
  return digit || words.findIndex((pattern) => pattern.test(word)) + 1;
}

export const season = "(spring|summer|autumn|fall|winter|frühling|frühjahr|sommer|herbst)s?";
/** The month in which a season of the northern half begins, from 0. */
export function seasonMonth(name = ""): number {
  const starts = { spring: 2, frühling: 2, frühjahr: 2, summer: 5, sommer: 5, autumn: 8, fall: 8, herbst: 8 };
  return starts[name.toLowerCase() as keyof typeof starts] ?? 11;
}

export const year = "((?:19|20)\\d\\d)(?![-/.:]?\\d|%)";

/** German parts of a day, after the word for the day. */
export const partOfDay = "(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)";
