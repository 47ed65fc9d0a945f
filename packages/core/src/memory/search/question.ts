import type { EventTime } from "@mh/contract/values/memory.ts";
import type { Database } from "../../ports/database.ts";
import { type AskedKind, askedFor, asksOfSelf } from "./asks.ts";
import { functionWordsFor } from "./function-words.ts";
import { indexTerms } from "./index-terms.ts";
import type { Meaning } from "./meaning.ts";
import { wordsAndSignsOf } from "./search-text.ts";
import { frameWords, roleWords, stopWords } from "./stop-words.ts";
import { stemOf } from "./terms.ts";
import { meantBy } from "./variants.ts";
import { formsOf, standIns } from "./word-forms.ts";
import type { WordVectors } from "./word-vectors.ts";

export type Span = { from: number; to: number };

/** What a question asks for. `terms` are rarest first; `pairs` are terms that stand side by side in it. */
export type Question = {
  terms: string[];
  pairs: [string, string][];
  /** Names of speakers, lower case. Their turns are told by a signal of their own, not by words. */
  names: string[];
  /** The question without its stop words and those names. */
  subject: string;
  spans: Span[];
  concepts: Concept[];
  asks: ReadonlySet<AskedKind>;
  /** The owner asks of themselves. */
  asksOfSelf: boolean;
  /** When it is asked, in milliseconds since the epoch. */
  atMs: number;
  /** Whether an embedder made a vector of it. */
  isEmbedded: boolean;
};

/** A word of the question in any of its forms, as stems, and what it tells: its inverse document frequency, weighed. */
export type Concept = {
  word: string;
  stems: ReadonlySet<string>;
  weight: number;
  /** Stems of other words that may be meant, where few memories have the question's own, and what each counts in its place. */
  meant: ReadonlyMap<string, number>;
};

const charactersMax = 4_000;
const wordsMax = 64;
const termsMax = 24;
const unknownMax = 8;
const pruneFrom = 2_000;
const commonShare = 0.05;
/** A question whose words fewer memories have than this is also read for what else may be meant. */
const fewMatches = 100;

type Known = {
  vectors?: WordVectors | undefined;
  meaning?: Meaning | undefined;
  standing?: ReadonlyMap<string, readonly string[]> | undefined;
};

/** Reads a question against the store: its words, the people it names, the times it speaks of. Any text is welcome. */
export function readQuestion(
  db: Database,
  text: string,
  spans: readonly EventTime[],
  at: Date,
  { vectors, meaning, standing = new Map() }: Known,
): Question {
  const asked = text.slice(0, charactersMax);
  const all = [...new Set(wordsAndSignsOf(asked).map((word) => word.toLowerCase()))].slice(0, wordsMax);
  const functionWords = functionWordsFor(all);
  const content = all.filter((word) => !stopWords.has(word) && !functionWords.has(word));
  const words = content.length > 0 ? content : all;
  const frequencies = frequenciesIn(db);
  const forms = readForms(db, words, standing, frequencies, vectors);
  const names = [...new Set(words.flatMap((word) => formsFor(forms, word)).filter((form) => isSpeaker(db, form)))];
  const subject = words.filter((word) => !names.includes(word));
  const total = sizeOf(db);
  // In a conversation a name is how people address each other, and tells nothing. That of a correspondent is a word.
  const telling = words.filter((word) => !names.includes(word) || !speaksOften(db, word, total));
  const asking = telling.length > 0 ? telling : words;
  const documents = frequencies([...new Set(asking.flatMap((word) => formsFor(forms, word)))]);
  const terms = pruned(documents, total);
  const isFew = terms.reduce((all, term) => all + (documents.get(term) ?? 0), 0) < fewMatches;
  const read = asking.slice(0, termsMax);
  const meant = isFew ? meantBy(db, read, standing, vectors) : none;
  return {
    terms,
    pairs: words.slice(1).flatMap((word, i) => pairOf(words[i], word, terms)),
    names,
    subject: subject.join(" "),
    spans: spans.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    concepts: read.map((word) => ({
      ...conceptOf(word, formsFor(forms, word), documents, total),
      meant: meant.get(word) ?? nothing,
    })),
    asks: askedFor(asked),
    asksOfSelf: asksOfSelf(asked),
    atMs: at.getTime(),
    isEmbedded: meaning !== undefined,
  };
}

const nothing: ReadonlyMap<string, number> = new Map();
const none: ReadonlyMap<string, typeof nothing> = new Map();

/** The forms of each word; of one that the store has in none of them, what stands for it there. */
function readForms(
  db: Database,
  words: readonly string[],
  standing: ReadonlyMap<string, readonly string[]>,
  frequencies: Frequencies,
  vectors: WordVectors | undefined,
): ReadonlyMap<string, readonly string[]> {
  const forms = new Map(words.map((word) => [word, [...formsOf(word), ...(standing.get(word) ?? [])]]));
  const known = (each: readonly string[]) =>
    new Set([...frequencies(each)].flatMap(([word, having]) => (having > 0 ? [word] : [])));
  const found = known([...new Set([...forms.values()].flat())]);
  const isKnown = (word: string) => forms.get(word)?.some((form) => found.has(form)) || isSpeaker(db, word);
  // A word of the language is no slip of another one. Each of the others costs a look through the words of the store.
  const unknown = words.filter((word) => !isKnown(word) && !vectors?.isWord(word)).slice(0, unknownMax);
  for (const word of unknown) forms.set(word, [word, ...standIns(db, word, known)]);
  return forms;
}

const formsFor = (forms: ReadonlyMap<string, readonly string[]>, word: string) => forms.get(word) ?? [word];

const frameWeight = 0.3;

function conceptOf(
  word: string,
  forms: readonly string[],
  documents: ReadonlyMap<string, number>,
  total: number,
): Omit<Concept, "meant"> {
  const having = Math.max(...forms.map((form) => documents.get(form) ?? 0));
  const rarity = Math.log(1 + (total - having + 0.5) / (having + 0.5));
  return { word, stems: new Set(forms.map(stemOf)), weight: rarity * (frameWords.has(word) ? frameWeight : 1) };
}

function pairOf(left: string | undefined, right: string, terms: string[]): [string, string][] {
  return left !== undefined && terms.includes(left) && terms.includes(right) ? [[left, right]] : [];
}

/** Whether some speaker is called so, by the whole name or its first word. */
function isSpeaker(db: Database, word: string): boolean {
  return !roleWords.has(word) && turnsOf(db, word, 1) > 0;
}

const oftenShare = 0.05;
const oftenMost = 2_000;

function speaksOften(db: Database, word: string, total: number): boolean {
  const often = Math.min(oftenMost, Math.max(1, Math.ceil(total * oftenShare)));
  return turnsOf(db, word, often) >= often;
}

/** How many memories those who are called so tell, up to so many. */
function turnsOf(db: Database, word: string, most: number): number {
  const between = `SELECT 1 FROM memories WHERE speaker >= ? COLLATE NOCASE AND speaker <= ? COLLATE NOCASE LIMIT ${most}`;
  const counted = db.prepare(`SELECT count(*) AS turns FROM (${between})`);
  const count = (from: string, to: string) => (counted.get(from, to) as { turns: number }).turns;
  return count(word, word) + count(`${word} `, `${word} \u{10ffff}`);
}

/** Keeps the words that some memory has, rarest first; in a large store without the common ones, if others are left. */
function pruned(documents: ReadonlyMap<string, number>, total: number): string[] {
  const counted = [...documents].filter(([, having]) => having > 0).sort(([, a], [, b]) => a - b);
  const rare = counted.filter(([, having]) => having <= total * commonShare);
  const kept = total < pruneFrom ? counted : rare.length > 0 ? rare : counted.slice(0, 1);
  return kept.slice(0, termsMax).map(([word]) => word);
}

function sizeOf(db: Database): number {
  return (db.prepare("SELECT coalesce(max(rowid), 0) AS total FROM memories").get() as { total: number }).total;
}

/** In how many memories each word occurs, by the rarest of the terms that the index makes of it. */
type Frequencies = (words: readonly string[]) => Map<string, number>;

function frequenciesIn(db: Database): Frequencies {
  const documents = db.prepare("SELECT doc FROM memory_terms WHERE term = ?");
  const known = new Map<string, number>();
  // To count those that have a term takes the longer the more there are.
  const having = (term: string): number => {
    const counted = known.get(term) ?? (documents.get(term) as { doc: number } | undefined)?.doc ?? 0;
    known.set(term, counted);
    return counted;
  };
  return (words) => new Map([...indexTerms(db, words)].map(([word, terms]) => [word, Math.min(...terms.map(having))]));
}
