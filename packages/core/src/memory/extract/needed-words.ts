/** What a text must hold, in small letters, for a pattern to match in it: one of each list. */
export type Needed = readonly (readonly string[])[];

/** Stands for any digit in such a list. */
const digit = "\0";
/** Parts that have more texts than this are lists of their own. */
const textsMax = 64;

/** Read off the pattern. Where it cannot be told, nothing is needed. */
export function neededBy({ source, unicode, unicodeSets }: RegExp): Needed {
  // With these flags, letters are equal that are not so in small letters.
  if (unicode || unicodeSets) return [];
  const part = new Reading(source).alternatives();
  return part.needed ?? listOf(part.texts);
}

/** A part of a pattern: all texts that it matches, where those are few, or what it needs. */
type Part = { texts: readonly string[]; needed?: undefined } | { texts?: undefined; needed: Needed };

const nothing: Part = { texts: [""] };
const anything: Part = { needed: [] };
const aDigit: Part = { needed: [[digit]] };

/** Reads a pattern from left to right. */
class Reading {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): Part {
    const all = [this.#sequence()];
    while (this.#takes("|")) all.push(this.#sequence());
    return oneOf(all);
  }

  #sequence(): Part {
    let texts: readonly string[] = [""];
    let needed: Needed | undefined;
    while (this.#at < this.#source.length && this.#next !== "|" && this.#next !== ")") {
      const part = this.#repeated();
      if (part.texts && texts.length * part.texts.length <= textsMax) {
        texts = joined(texts, part.texts);
        continue;
      }
      const end = commonEnd(texts);
      needed = [...(needed ?? []), ...listOf(texts), ...(part.needed ?? [])];
      texts = part.texts ? joined([end], part.texts) : [""];
    }
    return needed ? { needed: [...needed, ...listOf(texts)] } : { texts };
  }

  #repeated(): Part {
    const part = this.#atom();
    const [times, least = 0] = this.#match(/[*+?]|\{(\d+)(?:,\d*)?\}/y) ?? [];
    if (times === undefined) return part;
    this.#takes("?");
    if (times === "?" && part.texts) return { texts: ["", ...part.texts] };
    return times === "+" || Number(least) > 0 ? { needed: part.needed ?? listOf(part.texts) } : anything;
  }

  #atom(): Part {
    if (this.#takes("(")) {
      const [, around] = this.#match(/\?(?:(<?[=!])|:|<\w+>)|(?!\?)/y) ?? this.#unknown();
      const part = this.alternatives();
      this.#takes(")");
      return around === undefined ? part : nothing;
    }
    const [letters] = this.#match(/[\w \u00c0-\u00ff]+(?![*+?{])/y) ?? [];
    if (letters) return { texts: [letters.toLowerCase()] };
    if (this.#takes("[")) return this.#letters();
    if (this.#takes("^") || this.#takes("$")) return nothing;
    if (this.#takes(".")) return anything;
    return this.#takes("\\") ? this.#escaped() : letter(this.#taken());
  }

  #escaped(): Part {
    const [code] = this.#match(/u[\da-f]{4}|x[\da-f]{2}/iy) ?? [];
    if (code) return letter(String.fromCharCode(Number.parseInt(code.slice(1), 16)));
    if (this.#match(/\d+|k<\w+>|c[a-z]/iy)) return anything;
    const taken = this.#taken();
    if (taken === "d") return aDigit;
    if (taken === "b" || taken === "B") return nothing;
    return /\w/.test(taken) ? anything : letter(taken);
  }

  #letters(): Part {
    const [inside] = this.#match(/(?:\\.|[^\]\\])*/sy) ?? this.#unknown();
    this.#takes("]");
    if (/^(?:\\d|\d-\d|\d)+$/.test(inside)) return aDigit;
    // Ranges, classes, and what is not among some letters: too many.
    if (/^\^|.-.|\\\w/s.test(inside)) return anything;
    return oneOf([...inside.replace(/\\(.)/gs, "$1")].map(letter));
  }

  get #next(): string {
    return this.#source.charAt(this.#at);
  }

  #taken(): string {
    this.#at += 1;
    return this.#source.charAt(this.#at - 1);
  }

  #takes(what: string): boolean {
    const isThere = this.#next === what;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #unknown(): never {
    throw new Error(`It is not said here how to read ${this.#source} from ${this.#at} on.`);
  }
}

/** A Latin letter equals, where a pattern ignores case, what it equals in small letters. */
const letter = (text: string): Part =>
  /^[\x20-\x7e\u00c0-\u00ff]$/.test(text) ? { texts: [text.toLowerCase()] } : anything;

const joined = (begins: readonly string[], ends: readonly string[]): readonly string[] =>
  begins.flatMap((begin) => ends.map((end) => begin + end));

/** What all of the texts end with: words that follow, follow that. */
function commonEnd([first = "", ...others]: readonly string[]): string {
  let length = first.length;
  for (const other of others) while (!other.endsWith(first.slice(first.length - length))) length -= 1;
  return first.slice(first.length - length);
}

function oneOf(parts: readonly Part[]): Part {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const texts = parts.flatMap((part) => part.texts ?? []);
  if (parts.every((part) => part.texts) && texts.length <= textsMax) return { texts };
  const lists = parts.map((part) => bestOf(part.needed ?? listOf(part.texts)));
  return { needed: lists.every((list) => list !== undefined) ? listOf(lists.flat()) : [] };
}

/** The list whose shortest word is longest: it is held by the fewest texts. */
const bestOf = (needed: Needed): readonly string[] | undefined =>
  [...needed].sort((a, b) => shortest(b) - shortest(a) || a.length - b.length)[0];

const shortest = (list: readonly string[]): number => Math.min(...list.map(({ length }) => length));

/** One list of what is told by the shortest of its words; none where one of them is empty, which every text holds. */
function listOf(texts: readonly string[]): Needed {
  const told: string[] = [];
  for (const text of texts.toSorted((a, b) => a.length - b.length)) {
    if (text === "") return [];
    if (!told.some((word) => text.includes(word))) told.push(text);
  }
  return [told];
}

/** Whether a pattern may match in a text. */
export type MayMatch = (pattern: RegExp) => boolean;

const needed = new WeakMap<RegExp, readonly number[]>();
/** Each list once: patterns share words for months, units and weekdays. */
const lists: (readonly Word[])[] = [];
const numbers = new Map<string, number>();

interface Word {
  text: string;
  pairs: readonly number[];
}

/**
 * Says of patterns whether they may match in a text. Most of them cannot, and to see that it holds none of their words costs
 * far less than to try them at each letter.
 */
export function mayMatchIn(text: string): MayMatch {
  const small = text.toLowerCase();
  const pairs = new Uint32Array(pairsMax / 32);
  for (let at = 1; at < small.length; at += 1) {
    const pair = pairAt(small, at);
    pairs[pair >> 5] = (pairs[pair >> 5] as number) | (1 << (pair & 31));
  }
  const hasPair = (pair: number) => ((pairs[pair >> 5] as number) & (1 << (pair & 31))) !== 0;
  // A word whose pairs of letters are not there need not be looked for.
  const isHeld = (word: Word) =>
    word.text === digit ? /\d/.test(small) : word.pairs.every(hasPair) && small.includes(word.text);
  const held: (boolean | undefined)[] = [];
  return (pattern) => listsOf(pattern).every((number) => (held[number] ??= lists[number]?.some(isHeld) ?? true));
}

const pairsMax = 2_048;
/** Two letters as a number, which other two may share. */
const pairAt = (text: string, at: number): number =>
  (text.charCodeAt(at - 1) * 61 + text.charCodeAt(at)) & (pairsMax - 1);

function listsOf(pattern: RegExp): readonly number[] {
  const before = needed.get(pattern);
  if (before) return before;
  const made = neededBy(pattern)
    .toSorted((a, b) => a.length - b.length)
    .map(numberOf);
  needed.set(pattern, made);
  return made;
}

function numberOf(list: readonly string[]): number {
  const name = list.join("|");
  const number = numbers.get(name) ?? lists.push(list.map(wordOf)) - 1;
  numbers.set(name, number);
  return number;
}

const wordOf = (text: string): Word => ({
  text,
  pairs: Array.from({ length: text.length - 1 }, (_, n) => pairAt(text, n + 1)),
});
