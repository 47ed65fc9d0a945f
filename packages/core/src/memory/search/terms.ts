import { stemmer } from "stemmer";
import { WordScanner } from "./scan-words.ts";
import { asIndexed, wordsAndSignsOf } from "./search-text.ts";
import type { WordVectors } from "./word-vectors.ts";

/** A word of a text in lower case; its stem is what the index has. The same word is the same object for as long as it is kept. */
export interface Term {
  readonly word: string;
  readonly stem: string;
  /** How common it is, where it has a vector; `unranked` else. */
  readonly rank: number;
  /** What it tells beyond common words, in nats, by how often it occurs in English. */
  readonly tells: number;
  /** What it has to do with the question that was read last. */
  readonly near: { question: object | undefined; of: Near | null };
}

/** By concept of a question: 1 for the word itself, else what it counts in its place, by WordNet and by vectors. */
export type Near = { kin: Float32Array | undefined; likeness: Float32Array | undefined };

const unranked = -1;
const rareRank = 50_000;
const common = Math.log(10 + 20);
/** 4 MB, twice: more words than the searches of a day come upon again. */
const keptMax = 20_000;

/** Reads texts as signals need them, and keeps the words that it has met lately. */
export class Terms {
  readonly #vectors: WordVectors | undefined;
  #kept = new Map<string, Term>();
  /** Those before: what is met again stays, however many words a store has. */
  #earlier = new Map<string, Term>();

  readonly #scanner = new WordScanner((word) => this.#term(word));

  constructor(vectors: WordVectors | undefined) {
    this.#vectors = vectors;
  }

  of(text: string): Term[] {
    if (this.#kept.size > keptMax) {
      [this.#earlier, this.#kept] = [this.#kept, new Map()];
      this.#scanner.clear();
    }
    return this.#scanner.scan(text) ?? wordsAndSignsOf(text).map((word) => this.#term(word));
  }

  #term(spelled: string): Term {
    const kept = this.#kept.get(spelled);
    if (kept) return kept;
    const earlier = this.#earlier.get(spelled);
    if (earlier) {
      this.#kept.set(spelled, earlier);
      return earlier;
    }
    const word = spelled.toLowerCase();
    const rank = this.#vectors?.rankOf(word) ?? unranked;
    const tells = Math.max(0, Math.log((rank === unranked ? rareRank : rank) + 10) - common);
    const made = { word, stem: stemOf(word), rank, tells, near: { question: undefined, of: null } };
    const term = spelled === word ? made : (this.#kept.get(word) ?? this.#earlier.get(word) ?? made);
    this.#kept.set(word, term).set(spelled, term);
    return term;
  }
}

const without = new Terms(undefined);
const readers = new WeakMap<WordVectors, Terms>();

export function termsWith(vectors: WordVectors | undefined): Terms {
  if (!vectors) return without;
  const reader = readers.get(vectors) ?? new Terms(vectors);
  readers.set(vectors, reader);
  return reader;
}

/** A word as the index has it: lower case, without accents, by Porter's stem. */
export function stemOf(word: string): string {
  const bare = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return /^[a-z]+$/.test(bare) ? stemmer(bare) : asIndexed(bare);
}
