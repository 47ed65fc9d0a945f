import type { Database } from "../../ports/database.ts";
import { sameMeaningTerms } from "./everyday-words.ts";
import { kinOf } from "./kin.ts";
import { wordsOf } from "./search-text.ts";
import { stemOf } from "./terms.ts";
import { fold, wordLikeness } from "./word-likeness.ts";
import type { WordVectors } from "./word-vectors.ts";

const formShare = 0.8;
const kinLeast = 0.3;
const kinMost = 12;

/**
 * What the store has that may be meant by a word, by stem, and what each counts in its place: other forms, compounds and
 * their parts, everyday words for the same in any of the owner's languages, and what WordNet relates to it.
 */
export function meantBy(db: Database, word: string, vectors: WordVectors | undefined): Map<string, number> {
  const isWord = (each: string) => vectors?.isWord(each) ?? false;
  const forms = word.length < 3 ? [] : variantsOf(db, word, isWord);
  const compounds = word.length < 4 || isWord(word) ? [] : endingsOf(db, word);
  const exact = db.prepare("SELECT term FROM memory_terms WHERE term = ?");
  const kin = vectors
    ? [...kinOf(word, vectors)]
        .filter(([stem, share]) => share >= kinLeast && exact.get(stem) !== undefined)
        .sort(([, a], [, b]) => b - a)
        .slice(0, kinMost)
    : [];
  const same = [...forms.map(({ term }) => term), ...compounds.map(({ term }) => term), ...sameIn(db, word)];
  return new Map([...kin, ...same.map((term) => [term, formShare] as const)]);
}

export type Variant = { term: string; documents: number };
const likeEnough = 0.55;
const scannedMax = 200;

/** What the index has that may be this word: other forms, spellings and parts of a compound. */
export function variantsOf(db: Database, word: string, isWord: (word: string) => boolean): Variant[] {
  const folded = fold(word);
  const exact = db.prepare("SELECT term, doc AS documents FROM memory_terms WHERE term = ?");
  const starting = db.prepare(
    `SELECT term, doc AS documents FROM memory_terms WHERE term >= ? AND term < ? LIMIT ${scannedMax}`,
  );
  const starts = new Set(
    [stemOf(word), folded]
      .filter((each) => each.length >= 4)
      .map((each) => each.slice(0, Math.max(3, Math.ceil(each.length * 0.55)))),
  );
  const beginnings = [
    ...starts,
    ...[...starts].filter((each) => each.includes("ss")).map((each) => each.replace("ss", "ß")),
  ];
  const near = beginnings.flatMap((start) => starting.all(start, `${start}\u{10ffff}`) as Variant[]);
  const mayBeSlip = (term: string) => !(isWord(word) && isWord(term));
  const like = (all: readonly Variant[]) =>
    all.filter(({ term }) => wordLikeness(folded, fold(term), mayBeSlip(term)) >= likeEnough);
  const short = folded.slice(0, 3);
  const slips = () => (folded.length >= 5 ? (starting.all(short, `${short}\u{10ffff}`) as Variant[]) : []);
  const alike = like(near).length > 0 ? like(near) : like(slips());
  const parts = partsOf(folded).flatMap((part) => (exact.get(stemOf(part)) as Variant | undefined) ?? []);
  const itself = exact.get(stemOf(word)) as Variant | undefined;
  const all = [
    ...(itself ? [itself] : []),
    ...alike.sort((a, b) => b.documents - a.documents).slice(0, 8),
    ...parts.slice(0, 4),
  ];
  return [...new Map(all.map((each) => [each.term, each])).values()];
}

const latestMax = 5_000;
const endingsMax = 8;

/** Compounds among the latest memories that end with a word, as "Hochzeitskleid" does with "kleid": no index knows ends. */
export function endingsOf(db: Database, word: string): Variant[] {
  const sql = `SELECT text FROM (SELECT content AS text FROM memories AS latest ORDER BY rowid DESC LIMIT ${latestMax})
    WHERE instr(lower(text), ?) > 0 LIMIT 40`;
  const exact = db.prepare("SELECT term, doc AS documents FROM memory_terms WHERE term = ?");
  const texts = db.prepare(sql).all(word) as { text: string }[];
  const ending = texts.flatMap(({ text }) => wordsOf(text).filter((said) => isCompoundOf(said.toLowerCase(), word)));
  const stems = [...new Set(ending.map((said) => stemOf(said)))].slice(0, endingsMax);
  return stems.flatMap((stem) => (exact.get(stem) as Variant | undefined) ?? []);
}

const isCompoundOf = (said: string, word: string): boolean =>
  said.length >= word.length + 3 && new RegExp(`${word}(?:e|en|n|s|er)?$`).test(said);

/** The halves that a long word may be put together from, as in "hochzeits-kleid". */
function partsOf(word: string): string[] {
  const parts: string[] = [];
  for (let at = 4; at <= word.length - 4; at++)
    parts.push(word.slice(at), word.slice(0, at).replace(/(?:es|en|s|n)$/, ""));
  return parts.filter((part) => part.length >= 4);
}

/** Words of the store for the same thing, as the index has them. */
export function sameIn(db: Database, word: string): string[] {
  const exact = db.prepare("SELECT term FROM memory_terms WHERE term = ?");
  return sameMeaningTerms(word).filter((term) => exact.get(term) !== undefined);
}
