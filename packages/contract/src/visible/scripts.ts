import { once } from "../once.ts";
import { latePattern } from "./late-pattern.ts";

/** ISO 15924 codes of Unicode's scripts, the frequent ones first. A test holds that every letter has one. */
const scriptCodes: readonly string[] = `
  Latn Cyrl Grek Arab Hebr Deva Thai Armn Geor Beng Taml Telu Jpan Ethi Khmr Laoo Mymr Sinh Gujr Guru Knda Mlym Orya Tibt
  Mong Cher Cans Adlm Aghb Ahom Armi Avst Bali Bamu Bass Batk Berf Bhks Brah Brai Bugi Buhd Cakm Cari Cham Chrs Copt Cpmn Cprt
  Diak Dogr Dsrt Dupl Egyp Elba Elym Gara Glag Gong Gonm Goth Gran Gukh Hano Hatr Hluw Hmng Hmnp Hung Ital Java Kali Kawi
  Khar Khoj Kits Krai Kthi Lana Lepc Limb Lina Linb Lisu Lyci Lydi Mahj Maka Mand Mani Marc Medf Mend Merc Mero Modi Mroo
  Mtei Mult Nagm Nand Narb Nbat Newa Nkoo Nshu Ogam Olck Onao Orkh Osge Osma Ougr Palm Pauc Perm Phag Phli Phlp Phnx Plrd
  Prti Rjng Rohg Runr Samr Sarb Saur Sgnw Shaw Shrd Sidd Sidt Sind Sogd Sogo Sora Soyo Sund Sunu Sylo Syrc Tagb Takr Tale
  Talu Tang Tavt Tayo Tfng Tglg Thaa Tirh Tnsa Todr Tols Toto Tutg Ugar Vaii Vith Wara Wcho Xpeo Xsux Yezi Yiii Zanb
`
  .trim()
  .split(/\s+/);

/** Han, kana, Hangul and Bopomofo are written in one word, with each other and with Latin. */
const eastAsian = "Jpan";
const patterns = new Map<string, RegExp | undefined>();

function patternOf(code: string): RegExp | undefined {
  if (!patterns.has(code)) patterns.set(code, makePattern(code));
  return patterns.get(code);
}

function makePattern(code: string): RegExp | undefined {
  if (code === eastAsian) return /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}]/u;
  try {
    return new RegExp(`\\p{scx=${code}}`, "u");
  } catch (error) {
    // A script that is younger than this Node: it has no letters here either.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const neutral = latePattern(String.raw`[\p{sc=Zyyy}\p{sc=Zinh}\p{sc=Zzzz}]`, "u");

/** Whether a character belongs to every script: digits, punctuation, symbols, most combining marks. */
export const isNeutral = (char: string): boolean => neutral().test(char);

const known = new Map<string, readonly string[]>();
const knownMax = 10_000;

/** The scripts that use a character, by their codes; none where it belongs to all. */
export function scriptsOf(char: string): readonly string[] {
  if (/^[a-z]$/i.test(char)) return ["Latn"];
  if (isNeutral(char)) return [];
  const before = known.get(char);
  if (before) return before;
  const found = scriptCodes.filter((code) => patternOf(code)?.test(char));
  if (known.size >= knownMax) known.clear();
  known.set(char, found);
  return found;
}

/** Whether a combining mark may stand on that character. */
export const sharesScript = (mark: string, base: string): boolean =>
  isNeutral(mark) || scriptsOf(mark).some((script) => scriptsOf(base).includes(script));

/** The script that most of a word's letters and digits are of; undefined where they belong to all, or go together. */
export function wordScript(word: string): string | undefined {
  if (/^[\0-\x7f]*$/.test(word)) return /[a-z]/i.test(word) ? "Latn" : undefined;
  const counts = new Map<string, number>();
  const hasOtherDigits = /[^\P{Nd}0-9]/u.test(word);
  for (const char of word) {
    // In a number, digits of two scripts are no better than letters of two in a word.
    const scripts = hasOtherDigits && /^[0-9]$/.test(char) ? ["Latn"] : scriptsOf(char);
    for (const script of scripts) counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  const others = [...counts.keys()].filter((script) => script !== "Latn" && script !== eastAsian);
  if (others.length === 0 && counts.has(eastAsian) && counts.has("Latn")) return undefined;
  // The first of `scriptCodes` where two are as frequent.
  const byNumber = [...counts].sort(([a, n], [b, m]) => m - n || scriptCodes.indexOf(a) - scriptCodes.indexOf(b));
  return byNumber[0]?.[0];
}

const names = once(() => new Intl.DisplayNames("en", { type: "script" }));

/** A script's English name. */
export function scriptName(code: string | undefined): string {
  return code === undefined ? "unknown script" : code === eastAsian ? "East Asian" : (names().of(code) ?? code);
}
