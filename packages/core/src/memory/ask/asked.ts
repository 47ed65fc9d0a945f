import type { EventTime } from "@mh/contract/values/memory.ts";
import type { Database } from "../../ports/database.ts";
import { functionWordsFor } from "../search/function-words.ts";
import { wordsAndSignsOf, wordsOf } from "../search/search-text.ts";
import { stopWords } from "../search/stop-words.ts";
import { endingsOf, sameIn, type Variant, variantsOf } from "../search/variants.ts";
import { fold } from "../search/word-likeness.ts";
import { isLight } from "./light-words.ts";
import { askingWords, type Wants, wantsOf } from "./wants.ts";

/** A word of the question that its answer should have. */
export interface Concept {
  word: string;
  /** As the question has it. */
  spelled: string;
  folded: string;
  /** How rare it is in the store. */
  weight: number;
  /** The name of somebody or something. */
  isName: boolean;
  /** It says what kind of thing is asked for. */
  isAsking: boolean;
  /** With the word before or after it, as one word. */
  joined: readonly string[];
  /** Words of the store that may be it, as the index has them. */
  variants: readonly string[];
  /** Words of the store for the same thing. */
  same: readonly string[];
  /** Names of those whom it describes, in lower case. */
  aliases: readonly string[];
}
export interface Asked {
  text: string;
  wants: Wants;
  concepts: Concept[];
  spans: readonly EventTime[];
  /** What its words weigh together at least: one of common words alone is covered by no memory. */
  tellingLeast: number;
}

const conceptsMax = 16;

/** Reads a question against the store: its telling words, in what other forms the store has them, and what it asks for. */
export function readAsked(
  db: Database,
  text: string,
  spans: readonly EventTime[],
  isWord: (word: string) => boolean,
): Asked {
  const spoken = [...new Set(wordsAndSignsOf(withoutTimes(text.slice(0, 4_000), spans)))];
  const functionWords = functionWordsFor(wordsOf(text).map((word) => word.toLowerCase()));
  const asking = askingWords(text, spans.length > 0);
  const content = spoken.filter((word) => isTelling(word.toLowerCase()) && !functionWords.has(word.toLowerCase()));
  const { total } = db.prepare("SELECT coalesce(max(rowid), 0) AS total FROM memories").get() as { total: number };
  // In German every noun has a capital.
  const isCapitalTelling = !functionWords.has("der") && /\p{Ll}/u.test(text);
  // "When is the deadline?" has nothing else that could be looked for.
  const isAllAsking = spans.length === 0 && content.every((word) => asking.has(word.toLowerCase()));
  const isAsking = (word: string) => !isAllAsking && asking.has(word.toLowerCase());
  const read = content.slice(0, conceptsMax);
  const near = read.map((word) => variantsOf(db, word.toLowerCase(), isWord));
  // Where nouns are put together, a word may stand at the end of others as well.
  const isSought = (word: string, i: number) => fold(word).length >= 4 && (!isCapitalTelling || near[i]?.length === 0);
  const endings = endingsOf(
    db,
    read.filter(isSought).map((word) => word.toLowerCase()),
  );
  const concepts = read.map((word, i) => {
    const concept = conceptOf(db, word, total, [...(near[i] ?? []), ...(endings.get(word.toLowerCase()) ?? [])]);
    const next = content[i + 1];
    const before = content[i - 1];
    const joined = [...(next ? [fold(word + next)] : []), ...(before ? [fold(before + word)] : [])];
    const share = isAsking(word) || titles.has(concept.folded) ? askingShare : 1;
    const weight = concept.weight * share * (!concept.isName && isLight(concept.word) ? lightShare : 1);
    const isCalled = i > 0 && isCapitalTelling && /^\p{Lu}\p{Ll}+$/u.test(word) && share === 1;
    const isName = concept.isName || isCalled;
    return { ...concept, isName, joined, weight, isAsking: share < 1, aliases: [] };
  });
  return {
    text,
    wants: wantsOf(text, withoutTimes(text, spans)),
    concepts,
    spans,
    tellingLeast: Math.min(2, weightOf(1, total) / 2),
  };
}

/** How rare a word is that so many memories of all have. In a store of ten even one that stands in one of them weighs little. */
const weightOf = (having: number, total: number): number => Math.log(1 + (total - having + 0.5) / (having + 0.5));

/** A word that only says what kind of thing is asked for counts little: "cost" need not stand beside the price. */
const askingShare = 0.25;
const lightShare = 0.4;

const isTelling = (word: string) => !stopWords.has(word) && !(word.length < 2 && /[a-z\d]/.test(word));

/** A text without the words that name its times. */
export function withoutTimes(text: string, spans: readonly EventTime[]): string {
  return spans.reduce((rest, span) => rest.replace(span.text, " "), text);
}

function conceptOf(db: Database, word: string, total: number, found: readonly Variant[]) {
  const folded = fold(word);
  const having = Math.max(0, ...found.map(({ documents }) => documents));
  const weight = weightOf(having, total);
  const isName = !titles.has(folded) && namesEntity(db, word.toLowerCase());
  const variants = found.map(({ term }) => term);
  const same = isName ? [] : sameIn(db, word).filter((term) => !variants.includes(term));
  return { word: word.toLowerCase(), spelled: word, folded, weight, variants, same, isName };
}

/** They stand before a name, and tell nothing of whose it is. */
export const titles = new Set(
  "mr mrs ms dr frau herr herrn prof aunt uncle tante onkel tia tio senhor senhora senor senora madame mme monsieur".split(
    " ",
  ),
);

function namesEntity(db: Database, word: string): boolean {
  const sql =
    "SELECT 1 FROM entities WHERE kind IN ('person', 'place', 'organisation') AND (key = ? OR (key > ? AND key < ?)) LIMIT 1";
  return db.prepare(sql).get(word, `${word} `, `${word}!`) !== undefined;
}
