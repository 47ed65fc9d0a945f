import { kinOf } from "./kin.ts";
import type { Concept } from "./question.ts";
import type { Near, Term } from "./terms.ts";
import type { WordVectors } from "./word-vectors.ts";

/** What a text says of each concept of a question, in their order. */
export interface Said {
  /** How often it has the word itself. */
  times: Float32Array;
  /** By its closest word: 1 for the word itself, else what another counts in its place by what WordNet relates to it, or 0. */
  kin: Float32Array;
  /** The same of other words alone. */
  otherKin: Float32Array;
  /** By its closest word: 1 for the word itself, else the cosine of the two where they are related, or 0. */
  likeness: Float32Array;
}

/** What texts have to do with a question. Each is read once, however many signals ask. */
export class Nearness {
  readonly #concepts: number;
  readonly #likenesses: readonly (((other: number) => number) | undefined)[];
  /** By stem. */
  readonly #same = new Map<string, Float32Array>();
  readonly #kin = new Map<string, Float32Array>();
  /** By this words tell which question they were last looked at for. It holds nothing: words outlive questions. */
  readonly #question = {};
  readonly #texts = new Map<readonly Term[], Said | null>();

  constructor(concepts: readonly Concept[], vectors: WordVectors | undefined) {
    this.#concepts = concepts.length;
    const put = (into: Map<string, Float32Array>, stem: string, i: number, near: number) => {
      const parts = into.get(stem) ?? this.#empty();
      parts[i] = near;
      into.set(stem, parts);
    };
    for (const [i, { word, stems, meant }] of concepts.entries()) {
      for (const [stem, near] of meant) put(this.#kin, stem, i, near);
      for (const [stem, near] of vectors ? kinOf(word, vectors) : [])
        put(this.#kin, stem, i, Math.max(near, meant.get(stem) ?? 0));
      for (const stem of stems) for (const into of [this.#same, this.#kin]) put(into, stem, i, 1);
    }
    this.#likenesses = concepts.map(({ word }) => {
      const rank = vectors?.rankOf(word);
      return rank === undefined ? undefined : vectors?.likenessTo(rank);
    });
  }

  /** Null for a text that has nothing to do with any concept. */
  said(text: readonly Term[]): Said | null {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    let said: Said | null = null;
    for (const term of text) {
      const near = term.near.question === this.#question ? term.near.of : this.#read(term);
      if (!near) continue;
      said ??= { times: this.#empty(), kin: this.#empty(), otherKin: this.#empty(), likeness: this.#empty() };
      note(said, near);
    }
    this.#texts.set(text, said);
    return said;
  }

  /** Null for a word that has nothing to do with any concept, as most have. */
  #read(term: Term): Near | null {
    const [kin, likeness] = [this.#kin.get(term.stem), this.#likeness(term)];
    term.near.question = this.#question;
    term.near.of = kin || likeness ? { kin, likeness } : null;
    return term.near.of;
  }

  #likeness({ stem, rank }: Term): Float32Array | undefined {
    const same = this.#same.get(stem);
    if (rank < 0) return same;
    let near: Float32Array | undefined;
    for (const [i, likeness] of this.#likenesses.entries()) {
      const part = same?.[i] === 1 ? 1 : Math.min(nearest, likeness?.(rank) ?? 0);
      if (part < relatedFrom) continue;
      near ??= this.#empty();
      near[i] = part;
    }
    return near;
  }

  #empty(): Float32Array {
    return new Float32Array(this.#concepts);
  }
}

/** Less than the word itself. */
const nearest = 0.999;
/** From which cosine on two words are related. */
const relatedFrom = 0.45;

function note({ times, kin, otherKin, likeness }: Said, near: Near): void {
  for (let i = 0; i < times.length; i++) {
    const part = near.kin?.[i] ?? 0;
    if (part === 1) times[i] = (times[i] as number) + 1;
    else if (part > (otherKin[i] as number)) otherKin[i] = part;
    if (part > (kin[i] as number)) kin[i] = part;
    const like = near.likeness?.[i] ?? 0;
    if (like > (likeness[i] as number)) likeness[i] = like;
  }
}

const read = new WeakMap<readonly Concept[], Nearness>();

/** The one for a question: several signals ask it of the same words. */
export function nearnessOf(concepts: readonly Concept[], vectors: WordVectors | undefined): Nearness {
  const near = read.get(concepts) ?? new Nearness(concepts, vectors);
  read.set(concepts, near);
  return near;
}
