/** What WordNet knows of the words of `WordVectors`: other words for the same, kinds of it, what it is a kind of. */
export class WordRelations {
  readonly #starts: Uint32Array;
  readonly #ranks: Uint16Array;
  readonly #weights: Uint8Array;

  /**
   * The file (tools/word-relations.ts): a line of JSON `{ words, pairs, … }`; where each word's relations begin, as
   * uint32; the ranks of the related words, as uint16; their weights in hundredths, as uint8. Little-endian.
   * @throws Where the file is not such a one.
   */
  constructor(file: Uint8Array) {
    const headerEnd = file.indexOf(newline) + 1;
    const { words, pairs } = JSON.parse(new TextDecoder().decode(file.subarray(0, headerEnd))) as Header;
    if (file.length !== headerEnd + 4 * (words + 1) + 3 * pairs) throw new Error("The file of relations is not whole.");
    // Numbers of several bytes must begin at a multiple of them.
    const { buffer } = new Uint8Array(file.subarray(headerEnd));
    this.#starts = new Uint32Array(buffer, 0, words + 1);
    this.#ranks = new Uint16Array(buffer, 4 * (words + 1), pairs);
    this.#weights = new Uint8Array(buffer, 4 * (words + 1) + 2 * pairs, pairs);
  }

  /** Ranks of the words related to one, each with a weight in (0, 1). */
  of(rank: number): { rank: number; weight: number }[] {
    const [from, to] = [this.#starts[rank] ?? 0, this.#starts[rank + 1] ?? 0];
    return Array.from({ length: to - from }, (_, i) => ({
      rank: this.#ranks[from + i] as number,
      weight: (this.#weights[from + i] as number) / 100,
    }));
  }
}

type Header = { words: number; pairs: number };
const newline = 10;
