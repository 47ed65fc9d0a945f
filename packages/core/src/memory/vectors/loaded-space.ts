import type { Likeness, Meaning } from "../search/meaning.ts";
import { addTo, cosine, minus, unit } from "./int8.ts";
import { SignBits } from "./sign-bits.ts";
import type { Kept, Space, VectorStore } from "./vector-store.ts";

const pageRows = 2_000;
/** So many, spread over all, have the mean of all to within a sixtieth of what single vectors differ by. */
const sampleRows = 4_000;
/** So many of the nearest by their signs are compared part by part, or this share of all, whichever is more. */
const rerankMin = 1_000;
const rerankShare = 0.01;
/** Grown by so much, the mean of all may be another: it is taken anew. */
const growthMax = 1.25;

/** What was written of vectors: rows that are gone, of whichever space, and those that were added to one. */
export interface Change {
  space?: number;
  dropped: readonly number[];
  added: readonly Kept[];
}

/** A space in memory: the mean of its vectors, and the sign bits of each. */
export class LoadedSpace {
  readonly space: Space;
  readonly #store: VectorStore;
  readonly #mean: Float32Array;
  readonly #bits: SignBits;
  readonly #loaded: number;

  private constructor(store: VectorStore, space: Space, mean: Float32Array, bits: SignBits) {
    this.#store = store;
    this.space = space;
    this.#mean = mean;
    this.#bits = bits;
    this.#loaded = bits.count;
  }

  /** Reads some vectors for the mean of all, and then all for their signs. Rows that are damaged are dropped and made anew. */
  static async read(store: VectorStore, space: Space, pause: () => Promise<void>): Promise<LoadedSpace> {
    const sum = new Float64Array(space.dimension);
    const sample = store.sample(space, sampleRows);
    for (const vector of sample) addTo(sum, vector);
    const mean = Float32Array.from(sum, (part) => part / Math.max(1, sample.length));
    const bits = new SignBits(space.dimension, store.count(space).vectors);
    const damaged: number[] = [];
    for await (const page of pagesOf(store, space, pause)) {
      for (const { row, values, scale } of page.kept) bits.add(row, values, scale, mean);
      damaged.push(...page.damaged);
    }
    if (damaged.length > 0)
      store.write(() => {
        store.dropRows(damaged);
        store.readAgain(space);
      });
    return new LoadedSpace(store, space, mean, bits);
  }

  get count(): number {
    return this.#bits.count;
  }

  /** What it holds in memory. */
  get bytes(): number {
    return this.#bits.bytes;
  }

  get isStale(): boolean {
    return this.#bits.count > Math.max(64, this.#loaded) * growthMax;
  }

  /** Twice is the same as once. */
  apply({ space, dropped, added }: Change): void {
    for (const row of dropped) this.#bits.remove(row);
    if (space !== this.space.id) return;
    for (const { row, values, scale } of added) {
      this.#bits.remove(row);
      this.#bits.add(row, values, scale, this.#mean);
    }
  }

  /** `question` as the model gave it. */
  meaningOf(question: Float32Array): Meaning {
    const centred = unit(minus(question, this.space.centre));
    const likenesses = (kept: readonly Kept[]): Likeness[] =>
      kept.map((each) => ({ memory: each.memory, textKey: each.textKey, likeness: cosine(centred, each, this.#mean) }));
    return {
      nearest: (most) => {
        const rerank = Math.max(rerankMin, most, Math.ceil(this.#bits.count * rerankShare));
        return likenesses(this.#store.rows(this.space, this.#bits.nearest(centred, rerank)))
          .sort((a, b) => b.likeness - a.likeness || (a.memory < b.memory ? -1 : 1))
          .slice(0, most);
      },
      of: (memories) => likenesses(this.#store.of(this.space, memories)),
    };
  }
}

async function* pagesOf(store: VectorStore, space: Space, pause: () => Promise<void>) {
  for (let row = 0; Number.isFinite(row); ) {
    const page = store.after(space, row, pageRows);
    yield page;
    row = page.last;
    if (Number.isFinite(row)) await pause();
  }
}
