/**
 * One bit for the sign of each part of each vector, held in memory: 64 bytes for 512 parts. Vectors whose signs differ from
 * the question's in few places are the near ones, provided that the mean of all was taken from them before.
 */
export class SignBits {
  readonly #words: number;
  #bits: Uint32Array;
  #rows: Uint32Array;
  #count = 0;

  constructor(dimension: number, expected: number) {
    this.#words = Math.ceil(dimension / 32);
    const room = Math.max(64, expected);
    this.#bits = new Uint32Array(room * this.#words);
    this.#rows = new Uint32Array(room);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bits.byteLength + this.#rows.byteLength;
  }

  /** A bit is set where `scale` times the part exceeds the mean's. */
  add(row: number, values: ArrayLike<number>, scale = 1, mean?: Float32Array): void {
    if (this.#count === this.#rows.length) this.#grow();
    this.#rows[this.#count] = row;
    const start = this.#count * this.#words;
    for (let word = 0, i = 0; word < this.#words; word += 1) {
      let bits = 0;
      for (let bit = 0; bit < 32 && i < values.length; bit += 1, i += 1) {
        if (scale * (values[i] as number) > (mean ? (mean[i] as number) : 0)) bits |= 1 << bit;
      }
      this.#bits[start + word] = bits;
    }
    this.#count += 1;
  }

  /** The last takes its place. */
  remove(row: number): void {
    const at = this.#rows.subarray(0, this.#count).indexOf(row);
    if (at === -1) return;
    const last = this.#count - 1;
    this.#rows[at] = this.#rows[last] as number;
    this.#bits.copyWithin(at * this.#words, last * this.#words, (last + 1) * this.#words);
    this.#count = last;
  }

  /** The rows whose signs differ least from the question's, in no order: `most`, and those that are as near as the last of them. */
  nearest(question: Float32Array, most: number): number[] {
    const asked = new SignBits(question.length, 1);
    asked.add(0, question);
    const [bits, words, count] = [this.#bits, this.#words, this.#count];
    const distances = new Uint16Array(count);
    const histogram = new Uint32Array(words * 32 + 1);
    for (let at = 0, from = 0; at < count; at += 1, from += words) {
      let distance = 0;
      for (let word = 0; word < words; word += 1)
        distance += bitsIn((bits[from + word] as number) ^ (asked.#bits[word] as number));
      distances[at] = distance;
      histogram[distance] = (histogram[distance] as number) + 1;
    }
    let [limit, within] = [0, histogram[0] as number];
    while (within < most && limit < words * 32) {
      limit += 1;
      within += histogram[limit] as number;
    }
    const near: number[] = [];
    for (let at = 0; at < count; at += 1) if ((distances[at] as number) <= limit) near.push(this.#rows[at] as number);
    return near;
  }

  #grow(): void {
    const [bits, rows] = [this.#bits, this.#rows];
    this.#bits = new Uint32Array(bits.length * 2);
    this.#bits.set(bits);
    this.#rows = new Uint32Array(rows.length * 2);
    this.#rows.set(rows);
  }
}

/** How many bits of a word are set (Hacker's Delight, 5-2). */
function bitsIn(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
