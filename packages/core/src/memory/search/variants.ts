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
 * What the store has that may be meant by each word, by stem, and what each counts in its place: other forms, compounds and
 * their parts, everyday words for the same in any of the owner's languages, and what WordNet relates to it.
 * All but the last is known of what is `standing`.
 */
export function meantBy(
  db: Database,
  words: readonly string[],
  standing: ReadonlyMap<string, readonly string[]>,
  vectors: WordVectors | undefined,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const isWord = (each: string) => vectors?.isWord(each) ?? false;
  const exact = db.prepare("SELECT term FROM memory_terms WHERE term = ?");
  const compounds = endingsOf(
    db,
    words.filter((word) => word.length >= 4 && !isWord(word) && !standing.has(word)),
  );
  return new Map(
    words.map((word) => {
      const kin = vectors
        ? [...kinOf(word, vectors)]
            .filter(([stem, share]) => share >= kinLeast && exact.get(stem) !== undefined)
            .sort(([, a], [, b]) => b - a)
            .slice(0, kinMost)
        : [];
      if (standing.has(word)) return [word, new Map(kin)];
      const forms = word.length < 3 ? [] : variantsOf(db, word, isWord);
      const same = [...[...forms, ...(compounds.get(word) ?? [])].map(({ term }) => term), ...sameIn(db, word)];
      return [word, new Map([...kin, ...same.map((term) => [term, formShare] as const)])];
    }),
  );
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
const textsMax = 40;
const endingsMax = 8;

/**
 * For each word the compounds among the latest memories that end with it, as "Hochzeitskleid" does with "kleid". No index
 * knows ends, so the texts are read: once, however many words there are.
 */
export function endingsOf(db: Database, words: readonly string[]): ReadonlyMap<string, Variant[]> {
  if (words.length === 0) return new Map();
  const having = words.map(
    (_, i) => `SELECT * FROM (SELECT ${i} AS i, text FROM latest WHERE instr(text, ?) > 0 LIMIT ${textsMax})`,
  );
  const sql = `WITH latest AS MATERIALIZED (SELECT lower(content) AS text FROM memories AS latest ORDER BY rowid DESC LIMIT ${latestMax})
    ${having.join(" UNION ALL ")}`;
  const exact = db.prepare("SELECT term, doc AS documents FROM memory_terms WHERE term = ?");
  const texts = Map.groupBy(db.prepare(sql).all(...words) as { i: number; text: string }[], ({ i }) => i);
  return new Map(
    words.map((word, i) => {
      const isEnding = compoundOf(word);
      const found = (texts.get(i) ?? []).flatMap(({ text }) => wordsOf(text).filter((said) => isEnding(said)));
      const stems = [...new Set(found.map(stemOf))].slice(0, endingsMax);
      return [word, stems.flatMap((stem) => (exact.get(stem) as Variant | undefined) ?? [])];
    }),
  );
}

function compoundOf(word: string): (said: string) => boolean {
  const ending = new RegExp(`${word}(?:e|en|n|s|er)?$`);
  return (said) => said.length >= word.length + 3 && ending.test(said.toLowerCase());
}

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
