import { bounds } from "./bounds.ts";
import { carriedIn } from "./carried.ts";
import { canonicalOf, found, isPlainName, type ValueKind, wordsIn } from "./kinds.ts";

// Words that describe nothing.
const stopWords = new Set(
  `a about additional again all also am an and any are as at be been but by can check could do does find for from get had
  has have he her him his how i if in into is it its just like make me message my need new not now of on one or our out
  paid pay payment please post read see send sent she should so some sure than that the their them then there they this
  to today too update us was we were what when where which who will with would you your account amount date day month
  transaction transactions user users channel email mail file new next last`
    .split(/\s+/)
    .filter(Boolean),
);

/** Who wrote the words, as `Task` says. */
export type WordsOf = "person" | "program";

/** What the owner typed for a task, looked at for values. Text that the owner pasted is not in it. */
export class OwnerWords {
  readonly text: string;
  /** Beyond what is looked at, too. */
  readonly whole: string;
  readonly by: WordsOf;
  /** As names are compared: whole words of it, wherever they are written with other capitals. */
  readonly #folded: PlacedWords;
  readonly #exact: PlacedWords;
  readonly #words: readonly string[];
  readonly #found = new Map<ValueKind, ReadonlySet<string>>();
  #numbers: ReadonlySet<number> | undefined;
  #sums: readonly number[] | undefined;
  #describing: ReadonlySet<string> | undefined;
  #carried: ReadonlySet<string> | undefined;

  constructor(text: string, by: WordsOf = "person") {
    this.whole = text;
    this.text = text.slice(0, bounds.wordsChars);
    this.by = by;
    const plain = this.text.normalize("NFC").replaceAll(/\s+/g, " ").trim();
    this.#exact = new PlacedWords(plain);
    this.#folded = new PlacedWords(plain.toLowerCase());
    this.#words = wordsIn(this.text);
  }

  /**
   * Whether a value stands there as what it is: whole, and of that kind; an id with what it is an id of. `isSum`: it is
   * declared to be money, which a program names as such.
   */
  has(
    value: unknown,
    kind: ValueKind,
    { idOf, isSum = false }: { idOf?: string | undefined; isSum?: boolean } = {},
  ): boolean {
    const canonical = canonicalOf(value, kind);
    if (canonical === "") return true;
    if (canonical.length > bounds.valueChars) return false;
    switch (kind) {
      case "email":
      case "iban":
      case "url":
      case "date":
        return this.#of(kind).has(canonical);
      case "amount":
        return isSum ? this.amounts.includes(Number(canonical)) : this.#numbersIn().has(Number(canonical));
      case "id":
        return /\D/.test(canonical) ? this.#exact.hold(canonical) : this.#namesId(canonical, idOf);
      case "secret":
        return this.#exact.hold(canonical);
      case "path":
        return this.#exact.holdPath(canonical);
      case "name":
        return isPlainName(canonical) ? this.#folded.hold(canonical) : this.#exact.hold(canonical);
    }
  }

  /** Sums that are named: no percentages, and no numbers within dates, accounts and addresses. Of a program, declared ones. */
  get amounts(): readonly number[] {
    this.#sums ??= this.by === "program" ? declaredSumsIn(this.text) : [...this.#numbersIn()];
    return this.#sums;
  }

  /** The words that may describe something. */
  get describing(): ReadonlySet<string> {
    this.#describing ??= new Set(this.#words.filter((word) => !stopWords.has(word) && word.length > 1));
    return this.#describing;
  }

  /** Addresses, links, accounts and codes that stand there. */
  get carried(): ReadonlySet<string> {
    this.#carried ??= new Set(carriedIn(this.text));
    return this.#carried;
  }

  /**
   * Whether a whole text is the owner's own, word for word; one short number, among three or more words of hers, may stand
   * for one of them ("the k-th").
   */
  isQuoted(text: string): boolean {
    if (text.length > bounds.wordsChars) return false;
    const wanted = wordsIn(text);
    if (wanted.length === 0) return false;
    const numbers = wanted.filter((word) => /^\d+$/.test(word));
    const mayDiffer = numbers.length === 1 && /^\d{1,3}$/.test(numbers[0] ?? "") && wanted.length > 3;
    const free = mayDiffer ? wanted.indexOf(numbers[0] as string) : -1;
    let left: number = bounds.comparisons;
    const last = this.#words.length - wanted.length;
    for (let at = 0; at <= last; at += 1) {
      let n = 0;
      while (n < wanted.length && (n === free || wanted[n] === this.#words[at + n])) n += 1;
      if (n === wanted.length) return true;
      left -= n + 1;
      if (left < 0) return false;
    }
    return false;
  }

  #of(kind: "email" | "iban" | "url" | "date"): ReadonlySet<string> {
    const known = this.#found.get(kind);
    if (known) return known;
    const values = new Set(found(this.text, kind));
    this.#found.set(kind, values);
    return values;
  }

  #numbersIn(): ReadonlySet<number> {
    this.#numbers ??= new Set(numbersIn(this.text));
    return this.#numbers;
  }

  /** A bare number names nothing; "id 7", "#7" and, of a transaction, "transaction 7" do. */
  #namesId(value: string, idOf: string | undefined): boolean {
    const nouns = ["id", "no", "nr", "number", ...(idOf === undefined ? [] : [idOf.toLowerCase()])];
    return this.#folded.before(value).some((before) => {
      const word = before.replace(/[ .:#]{1,3}$/u, "");
      const isApart = word.length < before.length;
      return before.endsWith("#") || (isApart && nouns.some((noun) => endsWithWord(word, noun)));
    });
  }
}

const endsWithWord = (text: string, word: string): boolean =>
  text.endsWith(word) && !/[\p{L}\p{N}]$/u.test(text.slice(0, text.length - word.length));

/** A text and where each of its words begins: a value is looked for there alone. */
class PlacedWords {
  readonly #text: string;
  #places: Map<string, number[]> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whole: not inside a longer word, number, address or path. */
  hold(value: string): boolean {
    return this.#at(value).some((at) => {
      const before = this.#text.slice(Math.max(0, at - 2), at);
      const after = this.#text.slice(at + value.length, at + value.length + 2);
      return (
        !/[\p{L}\p{N}\p{M}_@%+/\\-]$|[\p{L}\p{N}][.:]$/u.test(before) &&
        !/^[\p{L}\p{N}\p{M}_@%+/\\]|^[.:-][\p{L}\p{N}]/u.test(after)
      );
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

function placesOf(text: string, value: string): number[] {
  const all: number[] = [];
  for (let at = text.indexOf(value); at !== -1 && all.length < bounds.places; at = text.indexOf(value, at + 1))
    all.push(at);
  return all;
}

const account = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}(?![\p{L}\p{N}])/gu;

/** Whole numbers, digits in groups being one; none within a date, an account or an address, and no percentage. */
function numbersIn(text: string): number[] {
  const spans = new RegExp(
    [
      String.raw`\S{1,64}@\S{1,320}`,
      String.raw`(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)\S{1,2000}`,
      String.raw`\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?`,
    ].join("|"),
    "giu",
  );
  const plain = text.normalize("NFC").replaceAll(account, " ¶ ").replaceAll(spans, " ¶ ");
  const pattern =
    /(?<![\p{L}\p{N}.,/-]|\d[ \u00a0\u202f])(?:\d{1,3}(?:[ \u00a0\u202f,]\d{3})+|\d{1,300})(?:\.\d{1,300}|,\d{1,2})?(?!\s?%|[\p{L}\p{N}]|[.,:-]\d|[ \u00a0\u202f]\d)/gu;
  return [...plain.matchAll(pattern)].map(([match]) =>
    Number(match.replaceAll(/[ \u00a0\u202f]|,(?=\d{3}(?:\D|$))/gu, "").replace(",", ".")),
  );
}

/** `amountMax: 50`, `"limit": 20`: what a program says of money, it says by name. */
const declaredSumsIn = (text: string): number[] =>
  [
    ...text.matchAll(
      /(?<![\p{L}\p{N}_])["']?\w{0,40}?(?:amount|limit|budget)\w{0,40}["']?\s{0,4}[:=]\s{0,4}(\d{1,15}(?:\.\d{1,9})?)(?![\p{L}\p{N}.])/giu,
    ),
  ].map(([, sum]) => Number(sum));
