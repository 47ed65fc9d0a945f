import { otherForms } from "./verb-forms.ts";

/**
 * How far a word of a question may be the word of a text, from 0 to 1: the same word in another form, spelling or
 * compound, in any of the languages that the owner mixes. Both are folded. It knows letters, not meanings. Two words of
 * the language are no slips of each other ("contact", "contract"): of those `mayBeSlip` is false.
 */
export function wordLikeness(asked: string, said: string, mayBeSlip = true): number {
  if (asked === said) return 1;
  if (/\d/.test(asked) || /\d/.test(said)) return 0;
  if (otherForms(asked).includes(said)) return 1;
  const [bare, bareSaid] = [withoutGe(asked), withoutGe(said)];
  const alike = sameWord(bare, bareSaid, mayBeSlip);
  if (bare !== asked || bareSaid !== said) return alike * 0.95;
  return alike;
}

function sameWord(a: string, b: string, mayBeSlip: boolean): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short === long) return 1;
  if (short.length < 3) return 0;
  const shared = sharedStart(short, long);
  const rest = long.length - shared;
  if (shared === short.length && rest <= 2) return shared === 3 ? (rest === 1 ? 0.8 : 0.4) : 0.95;
  if (shared >= 4 && rest <= 3) return 0.9;
  if (mayBeSlip && short.charAt(0) === long.charAt(0) && isSlip(short, long)) return short.length >= 5 ? 0.8 : 0.6;
  if (shared >= 5 && rest <= 5 && shared >= long.length * 0.5) return 0.7;
  return compound(short, long);
}

/** Lower case, without accents; ß is ss, and ä, ö and ü are as when they are typed as ae, oe and ue. */
export function fold(word: string): string {
  const bare = word.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replace(/(?<![aeiouq])([aou])e/g, "$1");
}

function sharedStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charAt(at) === b.charAt(at)) at++;
  return at;
}

/** "geheiratet" is of "heiraten", "aufgetaucht" of "auftauchen". */
const withoutGe = (word: string): string =>
  word.length < 7
    ? word
    : word.replace(/^(auf|ab|an|aus|ein|zu|vor|mit|weg|nach|um|her|hin|bei|los|statt|)ge(?=.{3}.*(?:t|en)$)/, "$1");

const partMin = 4;

/** "kleid" is in "hochzeitskleid". */
function compound(short: string, long: string): number {
  if (short.length < partMin || long.length < short.length + 3) return 0;
  if (long.endsWith(short)) return 0.8;
  if (long.startsWith(short)) return 0.6;
  const stem = short.replace(/(?:en|e|n|s)$/, "");
  return stem.length >= partMin && (long.startsWith(stem) || long.endsWith(stem)) ? 0.55 : 0;
}

/** One letter wrong, missing, too many, or two turned round; in long words two. */
export function isSlip(short: string, long: string): boolean {
  if (short.length < 4 || long.length - short.length > 2) return false;
  return distance(short, long) <= (short.length >= 8 ? 2 : 1);
}

/** Damerau and Levenshtein's, of adjacent letters. */
function distance(a: string, b: string): number {
  let [before, previous] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a.charAt(i - 1) === b.charAt(j - 1);
      const [left, up, corner] = [row[j - 1], previous[j], previous[j - 1]] as [number, number, number];
      const isTurned = i > 1 && j > 1 && a.charAt(i - 1) === b.charAt(j - 2) && a.charAt(i - 2) === b.charAt(j - 1);
      row[j] = Math.min(
        left + 1,
        up + 1,
        corner + (isSame ? 0 : 1),
        isTurned ? (before[j - 2] as number) + 1 : Infinity,
      );
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length] as number;
}
