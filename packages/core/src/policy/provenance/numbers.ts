import { withoutAccounts } from "./accounts.ts";
import { monthWords } from "./months.ts";

const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
/** A number up to ninety-nine in words, as a pattern. */
export const numberWords = `(?:(?:${tens.join("|")})(?:-(?:${small.slice(1, 10).join("|")}))?|${small.slice(1).join("|")})`;
const wordValue = (word = ""): number => {
  const at = small.indexOf(word.toLowerCase());
  const ten = tens.indexOf(word.toLowerCase());
  return at > 0 ? at : ten >= 0 ? 20 + 10 * ten : 0;
};
const scales = String.raw`hundred|thousand|[mb]illion|trillion|per\s?(?:cent|mille)`;
/** "The one", "one of them" says which, not how many. */
const pronoun = String.raw`(?<=(?:the|this|that|which|each|every|any|no|last|next|first|other|\p{L}{2,20}est) )one(?!\p{L})|one(?= of (?:the|my|our|your|his|her|their|these|those|them)(?!\p{L}))`;
/** "Three", "twenty-five"; what is hundreds or per cent is left alone. */
const inWords = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(?!${pronoun})(?:(${tens.join("|")})(?:-(${small.slice(1, 10).join("|")}))?|(${small.slice(1).join("|")}))(?![\p{L}\p{N}-]|\s(?:${scales}|${small.slice(1).join("|")})(?!\p{L}))`,
  "giu",
);

const month = `(?:${monthWords})`;
/** "3 July 2026", "July 3rd, 2026", "May 2021". */
const days = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:\d{1,2}(?:st|nd|rd|th)?\.? (?:of )?${month}\.?(?:,? \d{4})?|${month}\.? (?:\d{1,2}(?:st|nd|rd|th)?(?:,? (?:19|20)\d{2})?|(?:19|20)\d{2}))(?![\p{L}\p{N}.,]\d|[\p{L}\p{N}])`,
  "gu",
);
const years =
  /(?<=(?:^|[^\p{L}\p{N}])(?:in|since|during|until|year|early|mid|late|spring|summer|autumn|fall|winter) )(?:19|20)\d{2}(?![\p{L}\p{N}]|[.,]\d)/giu;

/** What stands between the digits of one number, as people write it: blanks of every width, and signs. */
const joint = String.raw`[\p{Zs}'’_·٬]`;
/**
 * Neither a part of a number, nor of a phone number: `+49 …`, `tel:…`, `(030) …`. What is a thousand, a million or a per cent
 * of something is not the number itself.
 */
const wholeNumber = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}.,/−-]|\d${joint}|\+|tel:|\(\d{2,6}\) ?)`,
    // With points between the groups, the comma says that they are no decimals.
    String.raw`(?:\d{1,3}(?:\.\d{3})+,\d{1,2}|(?:\d{1,3}(?:(?:${joint}|,)\d{3})+|\d{1,300})(?:\.\d{1,300}|,\d{1,2})?)`,
    String.raw`(?!\s?[%‰]|[\p{L}\p{N}]|[.,:-]\d|${joint}\d|\s(?:${scales})(?!\p{L}))`,
  ].join(""),
  "giu",
);
/** "2k", "2.5k"; "4K" is none. */
const thousands = /(?<![\p{L}\p{N}.,/−-])(\d{1,6}(?:\.\d{1,2})?)k(?![\p{L}\p{N}]|[.,:-]\d)/gu;
const groupMark = new RegExp(String.raw`${joint}|,(?=\d{3}(?:\D|$))`, "gu");

/** Whole numbers, digits in groups being one; none within a date, an account or an address, and no percentage. */
export function numbersIn(text: string): number[] {
  const spans = new RegExp(
    [
      String.raw`\S{1,64}@\S{1,320}`,
      String.raw`(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)\S{1,2000}`,
      String.raw`\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?`,
    ].join("|"),
    "giu",
  );
  const plain = withoutAccounts(text.normalize("NFC"))
    .replaceAll(spans, " ¶ ")
    .replaceAll(/(?<![\p{L}\p{N}])\d{1,2}:\d{2}(?::\d{2})?(?!\d)/gu, " ¶ ")
    .replaceAll(days, " ¶ ")
    .replaceAll(years, " ¶ ");
  const inDigits = [...plain.matchAll(wholeNumber)].map(([match]) => {
    const digits = /\.\d{3},/.test(match) ? match.replaceAll(".", "") : match;
    return Number(digits.replaceAll(groupMark, "").replace(",", "."));
  });
  const inThousands = [...plain.matchAll(thousands)].map(([, digits]) => Number(digits) * 1000);
  return [
    ...inDigits,
    ...inThousands,
    ...[...plain.matchAll(inWords)].map(([, ten, unit, alone]) => wordValue(ten) + wordValue(unit) + wordValue(alone)),
  ];
}

/** `amountMax: 50`, `"limit": 20`: what a program says of money, it says by name. */
export const declaredSumsIn = (text: string): number[] =>
  [
    ...text.matchAll(
      /(?<![\p{L}\p{N}_])["']?\w{0,40}?(?:amount|limit|budget)\w{0,40}["']?\s{0,4}[:=]\s{0,4}(\d{1,15}(?:\.\d{1,9})?)(?![\p{L}\p{N}.])/giu,
    ),
  ].map(([, sum]) => Number(sum));
