/**
 * One bit for the sign of each part of each vector, held in memory: 64 bytes for 512 parts. Vectors whose signs differ from
 * the question's where it has little are the near ones, provided that the mean of all was taken from them before. The
 * question's own parts are all there: weighing by them finds what counting signs needs four times the candidates for.
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
    const [bits, words, count] = [this.#bits, this.#words, this.#count];
    const costs = costsOf(question, words);
    const distances = new Uint16Array(count);
    const histogram = new Uint32Array(distanceMax + 1);
    for (let at = 0, from = 0; at < count; at += 1, from += words) {
      let distance = 0;
      for (let word = 0, table = 0; word < words; word += 1, table += 1024) {
        const signs = bits[from + word] as number;
        distance +=
          (costs[table | (signs & 255)] as number) +
          (costs[table | 256 | ((signs >>> 8) & 255)] as number) +
          (costs[table | 512 | ((signs >>> 16) & 255)] as number) +
          (costs[table | 768 | (signs >>> 24)] as number);
      }
      distances[at] = distance;
      histogram[distance] = (histogram[distance] as number) + 1;
    }
    let [limit, within] = [0, histogram[0] as number];
    while (within < most && limit < distanceMax) {
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

/** What all signs together may cost; a distance is kept in 16 bits. */
const distanceMax = 65_535;

/** For each byte of signs and each of its values: the sum of the question's parts, as whole numbers, whose sign it has not. */
function costsOf(question: Float32Array, words: number): Uint16Array {
  const total = question.reduce((sum, part) => sum + Math.abs(part), 0) || 1;
  const costs = new Uint16Array(words * 4 * 256);
  for (let at = 0; at < words * 4; at += 1)
    for (let signs = 0; signs < 256; signs += 1) {
      let cost = 0;
      for (let bit = 0; bit < 8; bit += 1) {
        const part = question[at * 8 + bit] ?? 0;
        if (part > 0 !== ((signs >>> bit) & 1) > 0) cost += Math.floor((Math.abs(part) / total) * distanceMax);
      }
      costs[at * 256 + signs] = cost;
    }
  return costs;
}
