import type { Database } from "../../ports/database.ts";
import { stemOf } from "./terms.ts";
import { otherForms } from "./verb-forms.ts";
import { isSlip } from "./word-likeness.ts";

/** A word as people also write it: other forms of the verb, ß as ss, umlauts as two letters, and the other way round. */
export function formsOf(word: string): string[] {
  const spelled = [...letters].flatMap(([one, two]) => [word.replaceAll(one, two), word.replaceAll(two, one)]);
  const all = [...letters].reduce((text, [one, two]) => text.replaceAll(one, two), word);
  return [...new Set([word, ...otherForms(word), ...spelled, all])];
}

const letters = Object.entries({ ß: "ss", ä: "ae", ö: "oe", ü: "ue", ø: "oe", æ: "ae", å: "aa" });

const lengthMin = 4;
/** No word of any language that people mix is longer; each length has as many places to be parted at. */
const lengthMax = 48;
const partMin = 4;
const scannedMax = 20_000;
const slipsMax = 3;

/**
 * What stands in the store for a word that it does not have: the parts of a compound ("Hochzeitskleid" of weddings and
 * dresses), else the words that it is a slip away from ("Sara" for Sarah), the most frequent first.
 */
export function standIns(
  db: Database,
  word: string,
  known: (words: readonly string[]) => ReadonlySet<string>,
): string[] {
  if (word.length < lengthMin || word.length > lengthMax || !/^\p{L}+$/u.test(word)) return [];
  const parts = partsOf(word, known);
  return parts.length > 0 ? parts : slipsOf(db, word);
}

/** Letters that German puts between the parts of a word. */
const joints = ["", "s", "n", "en", "es", "er", "e"];

function partsOf(word: string, known: (words: readonly string[]) => ReadonlySet<string>): string[] {
  const splits: [string, string][] = [];
  for (let at = partMin; at <= word.length - partMin; at++)
    for (const joint of joints) {
      const head = word.slice(0, at - joint.length);
      if (head.length >= partMin && word.slice(head.length, at) === joint) splits.push([head, word.slice(at)]);
    }
  const found = known([...new Set(splits.flat())]);
  const both = splits.filter((split) => split.every((part) => found.has(part)));
  // The parts that leave nothing between them are meant rather than those that do.
  return both.sort((a, b) => b.join("").length - a.join("").length)[0] ?? [];
}

function slipsOf(db: Database, word: string): string[] {
  const stem = stemOf(word);
  const first = stem.charAt(0);
  const rows = db
    .prepare(
      `SELECT term FROM (SELECT term, doc FROM memory_terms WHERE term >= ? AND term < ? LIMIT ${scannedMax})
       WHERE length(term) BETWEEN ? AND ? ORDER BY doc DESC, term`,
    )
    .all(first, `${first}\u{10ffff}`, stem.length - 1, stem.length + 1) as { term: string }[];
  const found = rows.map(({ term }) => term).filter((term) => term !== stem && isSlip(...inLength(stem, term)));
  return [...speakersLike(db, word), ...found].slice(0, slipsMax);
}

/** Those who speak may never be named in what is said. */
function speakersLike(db: Database, word: string): string[] {
  const first = word.charAt(0);
  const between = "speaker >= ? COLLATE NOCASE AND speaker < ? COLLATE NOCASE";
  const rows = db
    .prepare(`SELECT DISTINCT name FROM (SELECT speaker AS name FROM memories WHERE ${between} LIMIT ${scannedMax})`)
    .all(first, `${first}\u{10ffff}`) as { name: string }[];
  const names = rows.map(({ name }) => name.toLowerCase().split(" ", 1)[0] ?? "");
  return [...new Set(names)].filter((name) => name !== word && isSlip(...inLength(word, name)));
}

const inLength = (a: string, b: string): [string, string] => (a.length < b.length ? [a, b] : [b, a]);
