import { kinOf } from "./kin.ts";
import type { Concept } from "./question.ts";
import type { Term } from "./terms.ts";
import type { WordVectors } from "./word-vectors.ts";

type Near = Float32Array | undefined;

/** What words of texts have to do with each concept of a question, in their order; undefined is nothing with any. */
export class Nearness {
  readonly #likenesses: readonly (((other: number) => number) | undefined)[];
  /** By stem. Most words of a store have nothing to do with a question: they cost a look into these. */
  readonly #same = new Map<string, Float32Array>();
  readonly #kin = new Map<string, Float32Array>();
  readonly #likeness = new Map<Term, Near>();

  constructor(concepts: readonly Concept[], vectors: WordVectors | undefined) {
    const put = (into: Map<string, Float32Array>, stem: string, i: number, near: number) => {
      const parts = into.get(stem) ?? new Float32Array(concepts.length);
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

  /** 1 for the word itself, else the cosine of the two, or 0. */
  likeness(term: Term): Near {
    const same = this.#same.get(term.stem);
    if (term.rank < 0) return same;
    if (this.#likeness.has(term)) return this.#likeness.get(term);
    const made = Float32Array.from(this.#likenesses, (likeness, i) =>
      same?.[i] === 1 ? 1 : likeness ? Math.min(nearest, likeness(term.rank)) : 0,
    );
    const near = made.some((each) => each > 0) ? made : undefined;
    this.#likeness.set(term, near);
    return near;
  }

  /** 1 for the word itself, else what it counts in its place by what WordNet relates to it, or 0. */
  kin(term: Term): Near {
    return this.#kin.get(term.stem);
  }
}

/** Less than the word itself. */
const nearest = 0.999;

const read = new WeakMap<readonly Concept[], Nearness>();

/** The one for a question: several signals ask it of the same words. */
export function nearnessOf(concepts: readonly Concept[], vectors: WordVectors | undefined): Nearness {
  const near = read.get(concepts) ?? new Nearness(concepts, vectors);
  read.set(concepts, near);
  return near;
}
