import { WordList } from "./word-list.ts";
import type { WordRelations } from "./word-relations.ts";

/**
 * Vectors of the commonest English words, cut from GloVe (see tools/word-vectors.ts): a text is their mean, common words
 * weighing less (smooth inverse frequency, Arora et al. 2017). They tell that "pup" is near "dog" where no word is shared.
 */
export class WordVectors {
  readonly relations: WordRelations;
  readonly #words: WordList;
  readonly dimensions: number;
  readonly #parts: Int8Array;
  readonly #lengths: Float64Array;

  /**
   * The file: a line of JSON `{ words, dimensions, … }`, the words, commonest first, one a line, then their vectors as
   * int8, row after row.
   * @throws Where the file is not such a one.
   */
  constructor(file: Uint8Array, relations: WordRelations) {
    const headerEnd = file.indexOf(newline);
    const decoder = new TextDecoder();
    const header = JSON.parse(decoder.decode(file.subarray(0, headerEnd))) as { words: number; dimensions: number };
    const vectorsAt = file.length - header.words * header.dimensions;
    const words = new WordList(decoder.decode(file.subarray(headerEnd + 1, vectorsAt - 1)));
    if (words.size !== header.words) throw new Error("The file of word vectors is not whole.");
    this.relations = relations;
    this.#words = words;
    this.dimensions = header.dimensions;
    this.#parts = new Int8Array(file.buffer, file.byteOffset + vectorsAt, header.words * header.dimensions);
    this.#lengths = new Float64Array(header.words);
  }

  /** How common a word is, from 0; undefined for one that is not among them. Lower case. */
  rankOf(word: string): number | undefined {
    return this.#words.indexOf(word);
  }

  /** Whether it is a word of the language, and not only a name: WordNet has something to say of it. */
  isWord(word: string): boolean {
    const rank = this.rankOf(word);
    return rank !== undefined && this.relations.of(rank).length > 0;
  }

  wordOf(rank: number): string {
    return this.#words.at(rank);
  }

  /** Cosine of a word to others, by their ranks. */
  likenessTo(rank: number): (other: number) => number {
    const length = this.#length(rank) || 1;
    return (other) => this.#dot(rank, other) / length / (this.#length(other) || 1);
  }

  /** The mean of a text's words by their ranks, of length 1; undefined where it has none that is known. */
  mean(ranks: readonly number[]): Float32Array | undefined {
    const [dimensions, parts] = [this.dimensions, this.#parts];
    const mean = new Float32Array(dimensions);
    for (const rank of ranks) {
      if (rank < 0) continue;
      const weight = rarity / (rarity + frequencyOf(rank));
      const from = rank * dimensions;
      for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] as number) + weight * (parts[from + i] as number);
    }
    let square = 0;
    for (let i = 0; i < dimensions; i++) square += (mean[i] as number) ** 2;
    if (square === 0) return undefined;
    const length = Math.sqrt(square);
    for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] as number) / length;
    return mean;
  }

  #dot(one: number, other: number): number {
    const [dimensions, parts] = [this.dimensions, this.#parts];
    const [left, right] = [one * dimensions, other * dimensions];
    let total = 0;
    for (let i = 0; i < dimensions; i++)
      total = (total + Math.imul(parts[left + i] as number, parts[right + i] as number)) | 0;
    return total;
  }

  #row(rank: number): Int8Array {
    return this.#parts.subarray(rank * this.dimensions, (rank + 1) * this.dimensions);
  }

  #length(rank: number): number {
    const known = this.#lengths[rank] as number;
    if (known > 0) return known;
    const length = Math.sqrt(this.#row(rank).reduce((sum, part) => sum + part * part, 0));
    this.#lengths[rank] = length;
    return length;
  }
}

const newline = 10;
const rarity = 0.001;
/** How often a word of this rank occurs, by Zipf's law. */
const frequencyOf = (rank: number) => 0.1 / (rank + 10);
