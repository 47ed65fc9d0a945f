/** Words by number and numbers by word, in a text and two tables: as strings and a map, fifty thousand would take four times as much. */
export class WordList {
  readonly #text: string;
  /** Where each begins, and the end of the last, as if another followed. */
  readonly #starts: Uint32Array;
  /** By hash, and where that is taken in the next that is free: the number of a word, from 1. */
  readonly #slots: Uint32Array;

  /** `text`: a word a line. Of a word that is there twice, its last number counts. */
  constructor(text: string) {
    this.#text = text;
    this.#starts = startsOf(text);
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(this.size * 2 + 1)));
    for (let n = 0; n < this.size; n += 1) this.#slots[this.#slotOf(this.at(n))] = n + 1;
  }

  get size(): number {
    return this.#starts.length - 1;
  }

  /** Empty where there is none of that number. */
  at(n: number): string {
    const [start, next] = [this.#starts[n], this.#starts[n + 1]];
    return start === undefined || next === undefined ? "" : this.#text.slice(start, next - 1);
  }

  indexOf(word: string): number | undefined {
    const number = this.#slots[this.#slotOf(word)] as number;
    return number === 0 ? undefined : number - 1;
  }

  /** The slot that has it, or a free one that it may have. */
  #slotOf(word: string): number {
    const last = this.#slots.length - 1;
    let slot = hashOf(word) & last;
    for (let number = this.#slots[slot]; number; number = this.#slots[slot]) {
      const start = this.#starts[number - 1] as number;
      const isAsLong = (this.#starts[number] as number) - 1 - start === word.length;
      if (isAsLong && this.#text.startsWith(word, start)) break;
      slot = (slot + 1) & last;
    }
    return slot;
  }
}

function startsOf(text: string): Uint32Array {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return Uint32Array.from([...starts, text.length + 1]);
}

/** FNV-1a, of 32 bits, its high bits mixed into the low ones that are used. */
function hashOf(word: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01_00_01_93);
  return hash ^ (hash >>> 15);
}
