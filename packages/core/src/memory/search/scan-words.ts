import type { Term } from "./terms.ts";

const slots = 1 << 15;
const keptMax = slots / 2;
/** Of 36 letters and digits, six make a number of 32 bits; two numbers tell a word of up to twelve from all others. */
const [radix, halfMax] = [37, 6];

/**
 * Reads the words of texts that are written in ASCII, as `wordsAndSignsOf` does and faster: it makes no string of a word that it
 * knows. A search reads a thousand texts.
 */
export class WordScanner {
  readonly #make: (word: string) => Term;
  readonly #firsts = new Int32Array(slots);
  readonly #seconds = new Int32Array(slots);
  #terms: (Term | null)[] = new Array<Term | null>(slots).fill(null);
  #kept = 0;

  /** `make` is asked for words that it does not know, in lower case. */
  constructor(make: (word: string) => Term) {
    this.#make = make;
  }

  /** Undefined for a text with other characters than these and a typographic apostrophe. */
  scan(text: string): Term[] | undefined {
    const terms: Term[] = [];
    for (let at = 0; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (code > 127 && code !== quote) return undefined;
      if (code === apostrophe || code === quote) at += elided(text, at + 1);
      if (code === quote || digits[code] === 0) {
        at += 1;
        continue;
      }
      const start = at;
      let [first, second] = [0, 0];
      for (let digit = digits[code] as number; digit > 0; ) {
        if (at - start < halfMax) first = (Math.imul(first, radix) + digit) | 0;
        else second = (Math.imul(second, radix) + digit) | 0;
        at += 1;
        const next = at < text.length ? text.charCodeAt(at) : 0;
        // A letter or a mark beyond ASCII would go on with the word.
        if (next > 127 && next !== quote) return undefined;
        digit = next === quote ? 0 : (digits[next] as number);
      }
      terms.push(at - start > 2 * halfMax ? this.#made(text, start, at) : this.#term(text, start, at, first, second));
    }
    return terms;
  }

  /** Forgets the words that it knows. */
  clear(): void {
    this.#terms.fill(null);
    this.#kept = 0;
  }

  #term(text: string, start: number, end: number, first: number, second: number): Term {
    const hash = Math.imul(first ^ Math.imul(second, 0x9e3779b1), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & (slots - 1);
    for (let term = this.#terms[slot]; term; term = this.#terms[slot]) {
      if (this.#firsts[slot] === first && this.#seconds[slot] === second) return term;
      slot = (slot + 1) & (slots - 1);
    }
    const made = this.#made(text, start, end);
    if (this.#kept < keptMax) {
      [this.#terms[slot], this.#firsts[slot], this.#seconds[slot]] = [made, first, second];
      this.#kept += 1;
    }
    return made;
  }

  #made(text: string, start: number, end: number): Term {
    return this.#make(text.slice(start, end).toLowerCase());
  }
}

const apostrophe = 39;
const quote = 0x20_19;

/** By character: which letter or digit it is, from 1, in either case; 0 is none. */
const digits = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code).toLowerCase();
  return /[a-z0-9]/.test(letter) ? Number.parseInt(letter, 36) + 1 : 0;
});

/** How many letters are of an elided ending ("Caroline's", "we'll") that begins there. */
function elided(text: string, at: number): number {
  const long = text.slice(at, at + 2).toLowerCase();
  const length = long === "re" || long === "ve" || long === "ll" ? 2 : "stdm".includes(long.charAt(0) || " ") ? 1 : 0;
  return length > 0 && !letterOrDigit.test(text.slice(at + length, at + length + 2)) ? length : 0;
}

const letterOrDigit = /^[\p{L}\p{N}]/u;
