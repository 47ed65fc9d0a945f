import { WholeParties } from "./all-of-party.ts";
import { Allowances } from "./allowances.ts";
import { bounds } from "./bounds.ts";
import { carriedIn } from "./carried.ts";
import { withoutOtherRequests } from "./clauses.ts";
import { Days } from "./days.ts";
import { Describing } from "./describing.ts";
import { canonicalOf, found, isPlainName, lastOf, type ValueKind, wordsIn } from "./kinds.ts";
import { Mentions } from "./mentions.ts";
import { declaredSumsIn, numbersIn } from "./numbers.ts";
import { PlacedWords } from "./placed-words.ts";
import { singularOf } from "./stems.ts";
import { isTelling } from "./telling.ts";
import { totalsIn } from "./totals.ts";
import { RequestWords } from "./verbs.ts";

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
  #describedBy: Describing | undefined;
  #mentions: Mentions | undefined;
  #days: Days | undefined;
  #wholeParties: WholeParties | undefined;
  #allowances: Allowances | undefined;
  #all: ReadonlySet<string> | undefined;
  #singulars: ReadonlySet<string> | undefined;
  #requests: RequestWords | undefined;
  readonly #without = new Map<string, OwnerWords>();
  #carried: ReadonlySet<string> | undefined;
  #lastNames: ReadonlySet<string> | undefined;

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
        return this.#of(kind).has(canonical);
      case "date":
        return this.#of(kind).has(canonical) || this.days.name(canonical);
      case "amount":
        return isSum ? this.amounts.includes(Number(canonical)) : this.#numbersIn().has(Number(canonical));
      case "id":
        return /\D/.test(canonical) ? this.#exact.hold(canonical, this.#whole) : this.#namesId(canonical, idOf);
      case "secret":
        return this.#exact.hold(canonical);
      case "path":
        return this.#exact.holdPath(canonical);
      case "name":
        return isPlainName(canonical)
          ? this.#folded.hold(canonical, this.#whole)
          : this.#exact.hold(canonical, this.#whole);
    }
  }

  /** Sums that are named: no percentages, and no numbers within dates, accounts and addresses. Of a program, declared ones. */
  get amounts(): readonly number[] {
    this.#sums ??= this.by === "program" ? declaredSumsIn(this.text) : [...this.#numbersIn(), ...totalsIn(this.text)];
    return this.#sums;
  }

  /** Each word of it. */
  get all(): ReadonlySet<string> {
    this.#all ??= new Set(this.#words);
    return this.#all;
  }

  /** Whether each word of a text is among them, in whatever order. */
  haveAllOf(text: unknown): boolean {
    return wordsIn(String(text)).every((word) => this.all.has(word));
  }

  /** Whether a word stands there, as one or as several: "towel" where "towels" are spoken of. */
  holdWord(word: string): boolean {
    if (this.all.has(word)) return true;
    this.#singulars ??= new Set(this.#words.map(singularOf));
    return this.#singulars.has(singularOf(word));
  }

  /** Whether the owner asks, in words of their own and not of something quoted, for something of the kind of these verbs. */
  askFor(verbs: readonly string[]): boolean {
    return this.requests.askFor(verbs);
  }

  /** The same without what asks for something else than these verbs. */
  without(verbs: readonly string[]): OwnerWords {
    const key = verbs.join(" ");
    const known = this.#without.get(key) ?? this.#apart(verbs);
    this.#without.set(key, known);
    if (known !== this) known.days.learnFrom(this.days);
    return known;
  }

  #apart(verbs: readonly string[]): OwnerWords {
    // A program says nothing in sentences.
    if (this.by === "program") return this;
    const text = withoutOtherRequests(this.text, verbs);
    return text === this.text ? this : new OwnerWords(text, this.by);
  }

  /** What the owner says for themselves: without quotations, addresses, links and paths. */
  get requests(): RequestWords {
    this.#requests ??= new RequestWords(this.text, this.by);
    return this.#requests;
  }

  /** The words that may describe something. */
  get describing(): ReadonlySet<string> {
    this.#describing ??= new Set(this.#words.filter(isTelling));
    return this.#describing;
  }

  /** The last names of paths, links and "owner/name" that stand there. */
  get lastNames(): ReadonlySet<string> {
    this.#lastNames ??= new Set(
      this.text
        .split(/[\s"'`“”„«»<>()[\],;]+/u)
        .filter((token) => token.includes("/"))
        .map((token) => lastOf(token.replace(/[.:!?/]{1,64}$/u, ""))),
    );
    return this.#lastNames;
  }

  /** The stems of those words of a name by which the owner speaks of what has it. */
  describedBy(name: readonly string[]): string[] {
    this.#describedBy ??= new Describing(this.text, this.by);
    return this.#describedBy.of(name);
  }

  /** The days that stand there, and times of day. */
  get days(): Days {
    this.#days ??= new Days(this.text);
    return this.#days;
  }

  /** Names that stand there whole. */
  get mentions(): Mentions {
    this.#mentions ??= new Mentions(this.text);
    return this.#mentions;
  }

  /** What the owner allows others to do. */
  get allowances(): Allowances {
    this.#allowances ??= new Allowances(this.text);
    return this.#allowances;
  }

  /** Whether all entries of a kind are meant that a party wrote. */
  meansAllFrom(party: string, kind: string | undefined): boolean {
    // A program says nothing in sentences.
    if (this.by === "program") return false;
    this.#wholeParties ??= new WholeParties(this.text);
    return this.#wholeParties.has(party, kind);
  }

  /** Addresses, links, accounts and codes that stand there. */
  get carried(): ReadonlySet<string> {
    this.#carried ??= new Set(carriedIn(this.text));
    return this.#carried;
  }

  /**
   * Whether a whole text is the owner's own, word for word; one short number, among three or more words of hers, may stand
   * for one of them ("the k-th"). Told to say that "you have your keys", one says "I have my keys".
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
      while (n < wanted.length && (n === free || isSaidAs(this.#words[at + n], wanted[n]))) n += 1;
      if (n === wanted.length) return true;
      left -= n + 1;
      if (left < 0) return false;
    }
    return false;
  }

  /** A word of a quoted name names nothing else; what a program says stands in quotation marks. */
  get #whole(): "quotations" | "words" {
    return this.by === "person" ? "quotations" : "words";
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

const told: Readonly<Record<string, readonly string[]>> = {
  ...{ you: ["i", "me"], your: ["my"], yours: ["mine"], yourself: ["myself"], are: ["am"], re: ["m"] },
};

const isSaidAs = (words: string | undefined, said: string | undefined): boolean =>
  words === said || (words !== undefined && said !== undefined && (told[words]?.includes(said) ?? false));

const endsWithWord = (text: string, word: string): boolean =>
  text.endsWith(word) && !/[\p{L}\p{N}]$/u.test(text.slice(0, text.length - word.length));
