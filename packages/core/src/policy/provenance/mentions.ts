import { isPlainName, wordsIn } from "./kinds.ts";
import { isWhole } from "./placed-words.ts";
import { quotationsWithin } from "./quotations.ts";
import type { Span } from "./spans.ts";
import { isTelling } from "./telling.ts";

interface Token extends Span {
  word: string;
}

/** A name is short: what is longer is a text, and says whatever its author likes. */
export const nameWordsMax = 12;
const copiedWords = 8;
const nameCharsMax = 500;

// A name is looked for in so many places, and no more.
const placesMax = 50;

/**
 * Names that stand whole in a text: in quotation marks, or of two telling words or more. The ending of a file may be left
 * out in the text; the words of a name that has no other may stand in another order ("the lamp on the desk").
 */
export class Mentions {
  readonly text: string;
  readonly #tokens: readonly Token[];
  readonly #places = new Map<string, number[]>();
  readonly #quotations: readonly Span[];
  /** By their words. */
  readonly #quoted = new Map<string, Span[]>();
  readonly #exact = new Set<string>();

  constructor(text: string) {
    this.text = text.normalize("NFC").replaceAll(/\s+/g, " ").trim().toLowerCase();
    this.#tokens = tokensOf(this.text);
    for (const [at, { word }] of this.#tokens.entries()) {
      const known = this.#places.get(word);
      if (!known) this.#places.set(word, [at]);
      else if (known.length < placesMax) known.push(at);
    }
    this.#quotations = quotationsWithin(this.text);
    for (const { start, end } of this.#quotations) {
      const quotation = this.text.slice(start, end);
      this.#exact.add(quotation);
      const words = wordsIn(quotation).join(" ");
      const known = this.#quoted.get(words);
      if (words !== "" && !known) this.#quoted.set(words, [{ start, end }]);
      else if (known && known.length < placesMax) known.push({ start, end });
    }
  }

  /** Whether it is all that stands in quotation marks somewhere. */
  isQuoted(name: string): boolean {
    return this.#exact.has(name.toLowerCase());
  }

  /** Where a name stands; nowhere, for most. */
  of(name: string): Span[] {
    const { words, shorter } = partsOf(name);
    if (words.length === 0) return [];
    const all = [...this.quoted(name), ...this.#free(words, name)];
    if (shorter.length > 0) all.push(...this.#free(shorter, undefined));
    if (all.length === 0) all.push(...this.#reordered(words), ...this.#reordered(shorter));
    return [...new Map(all.map((each) => [`${each.start}-${each.end}`, each])).values()];
  }

  /** Where it stands in quotation marks. */
  quoted(name: string): Span[] {
    const { words, shorter } = partsOf(name);
    return [words, shorter].flatMap((each) => this.#quoted.get(each.join(" ")) ?? []);
  }

  /**
   * So many words of the text in a row, and not in quotation marks: that is its sentence, and the name of nothing. Who
   * calls an entry so knew the text before.
   */
  isCopied(name: string): boolean {
    const words = tokensOf(name.normalize("NFC").toLowerCase()).map(({ word }) => word);
    if (words.length < copiedWords || words.length > nameWordsMax) return false;
    return words.slice(0, 1 - copiedWords).some((word, from) =>
      (this.#places.get(word) ?? []).some((at) => {
        const run = words.slice(from, from + copiedWords);
        if (!run.every((each, n) => this.#tokens[at + n]?.word === each)) return false;
        const start = this.#tokens[at]?.start ?? 0;
        const end = this.#tokens[at + copiedWords - 1]?.end ?? 0;
        const quotation = this.#quotationFrom(start);
        return !(quotation && quotation.start <= start && end <= quotation.end);
      }),
    );
  }

  /** Outside quotations, in the order of the name; `spelt`: a word like "plan-b.md" is a name by itself. */
  #free(words: readonly string[], spelt: string | undefined): Span[] {
    const isSpelt = spelt !== undefined && !/\s/.test(spelt) && /\p{L}/u.test(spelt) && !isPlainName(spelt);
    if (!isSpelt && words.filter(isTelling).length < 2) return [];
    return (this.#places.get(words[0] ?? "") ?? []).flatMap((at) => {
      if (!words.every((word, n) => this.#tokens[at + n]?.word === word)) return [];
      return this.#between(at, at + words.length - 1);
    });
  }

  /** The telling words of a name, in any order, with nothing between them but words that tell nothing. */
  #reordered(words: readonly string[]): Span[] {
    const wanted = new Set(words.filter(isTelling));
    if (wanted.size < 2 || ![...wanted].every((word) => this.#places.has(word))) return [];
    const starts = [...wanted].flatMap((word) => this.#places.get(word) ?? []);
    return starts.flatMap((at) => {
      const left = new Set(wanted);
      let last = at;
      for (; left.size > 0; last += 1) {
        const word = this.#tokens[last]?.word ?? "and";
        if (wanted.has(word)) left.delete(word);
        else if (isTelling(word) || word === "and" || word === "or") return [];
      }
      return this.#between(at, last - 1);
    });
  }

  /** One span of whole words, within a sentence, and outside quotations. */
  #between(from: number, to: number): Span[] {
    const start = this.#tokens[from]?.start ?? 0;
    const end = this.#tokens[to]?.end ?? 0;
    const isBroken = /[.,;:!?)\]]\s|["“”„«»]/u.test(this.text.slice(start, end));
    const isQuoted = (this.#quotationFrom(start)?.start ?? Number.POSITIVE_INFINITY) < end;
    return !isBroken && !isQuoted && isWhole(this.text, start, end) ? [{ start, end }] : [];
  }

  /** The first quotation that ends behind a place: they stand in order, and none in another. */
  #quotationFrom(place: number): Span | undefined {
    let [low, high] = [0, this.#quotations.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#quotations[middle]?.end ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return this.#quotations[low];
  }
}

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: word, index }) => ({
    ...{ word, start: index, end: index + word.length },
  }));

/** The words of a name, and those without the ending of a file; none of a text that is too long for a name. */
function partsOf(name: string): { words: string[]; shorter: string[] } {
  const words = name.length > nameCharsMax ? [] : tokensOf(name.normalize("NFC").toLowerCase()).map(({ word }) => word);
  if (words.length > nameWordsMax) return { words: [], shorter: [] };
  return { words, shorter: hasEnding(name) ? words.slice(0, -1) : [] };
}

const hasEnding = (name: string): boolean => /[\p{L}\p{N}]\.(?=\p{N}{0,4}\p{L})[\p{L}\p{N}]{1,5}$/u.test(name);
