import { bounds } from "./bounds.ts";
import { quotationsWithin } from "./quotations.ts";
import type { Span } from "./spans.ts";

/** A text and where each of its words begins: a value is looked for there alone. */
export class PlacedWords {
  readonly #text: string;
  #places: Map<string, number[]> | undefined;
  #quotations: readonly Span[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whole: not inside a longer word, number, address or path; with `quotations`, not a part of one either. */
  hold(value: string, whole: "words" | "quotations" = "words"): boolean {
    return this.#at(value).some((at) => {
      if (whole === "quotations" && this.#isPartOfQuotation(at, at + value.length)) return false;
      return isWhole(this.#text, at, at + value.length);
    });
  }

  /** The signs at the end of a quotation are no part of a name. */
  #isPartOfQuotation(from: number, to: number): boolean {
    this.#quotations ??= quotationsWithin(this.#text);
    return this.#quotations.some(({ start, end }) => {
      if (from < start || to > end) return false;
      const rest = this.#text.slice(start, from) + this.#text.slice(to, end);
      return /[\p{L}\p{N}]/u.test(rest);
    });
  }

  /** A path is a path where nothing of a longer one stands beside it; one without a letter only in quotation marks. */
  holdPath(value: string): boolean {
    if (!/[\p{L}\p{N}]/u.test(value)) return ['"', "'", "`"].some((mark) => this.#text.includes(mark + value + mark));
    return this.#at(value).some((at) => {
      const before = this.#text.slice(Math.max(0, at - 1), at);
      const after = this.#text.slice(at + value.length, at + value.length + 3);
      return /^[\s"'`“‘„«(<[]?$/u.test(before) && /^\/?(?:$|[\s"'`”’“»)>\],;!?]|[.:](?:$|[\s"'`”’“»)\]]))/u.test(after);
    });
  }

  /** What stands before a number that is whole, each time. */
  before(number: string): string[] {
    return this.#at(number)
      .filter((at) => !/^[.,]?[\p{L}\p{N}]/u.test(this.#text.slice(at + number.length, at + number.length + 2)))
      .map((at) => this.#text.slice(Math.max(0, at - 70), at));
  }

  /** Where a value begins, as it is written. One without a word in it is looked for as it is. */
  #at(value: string): number[] {
    const word = /[\p{L}\p{N}]+/u.exec(value);
    if (!word) return placesOf(this.#text, value);
    this.#places ??= this.#index();
    const starts = (this.#places.get(word[0]) ?? []).map((at) => at - word.index);
    return starts.filter((at) => at >= 0 && this.#text.startsWith(value, at));
  }

  #index(): Map<string, number[]> {
    const places = new Map<string, number[]>();
    for (const { 0: word, index } of this.#text.matchAll(/[\p{L}\p{N}]+/gu)) {
      const known = places.get(word);
      if (!known) places.set(word, [index]);
      else if (known.length < bounds.places) known.push(index);
    }
    return places;
  }
}

/** Whether a piece of a text is no part of a longer word, number, address or path. "@bob" is a mark and a name. */
export function isWhole(text: string, from: number, to: number): boolean {
  const before = text.slice(Math.max(0, from - 2), from);
  const after = text.slice(to, to + 2);
  return (
    !/[\p{L}\p{N}\p{M}_%+/\\-]$|[\p{L}\p{N}][.:@]$|[^\s("'“‘]@$/u.test(before) &&
    !/^[\p{L}\p{N}\p{M}_@%+/\\]|^[.:-][\p{L}\p{N}]/u.test(after)
  );
}

/** Where a value stands in a text, whole or not: so many places, and no more. */
export function placesOf(text: string, value: string): number[] {
  const all: number[] = [];
  for (let at = text.indexOf(value); at !== -1 && all.length < bounds.places; at = text.indexOf(value, at + 1))
    all.push(at);
  return all;
}
