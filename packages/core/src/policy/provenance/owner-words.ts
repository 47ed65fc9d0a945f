import { canonicalOf, found, type ValueKind, wordsIn } from "./kinds.ts";

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

/** What the owner typed for a task, looked at for values. Text that the owner pasted is not in it. */
export class OwnerWords {
  readonly text: string;
  readonly #plain: string;
  readonly #words: readonly string[];
  readonly #found = new Map<ValueKind, ReadonlySet<string>>();
  #amounts: readonly number[] | undefined;
  #describing: ReadonlySet<string> | undefined;

  constructor(text: string) {
    this.text = text;
    this.#plain = canonicalOf(text, "name");
    this.#words = wordsIn(text);
  }

  /** Whether a value stands there as what it is: whole, and of that kind; an id with what it is an id of. */
  has(value: unknown, kind: ValueKind, idOf?: string): boolean {
    const canonical = canonicalOf(value, kind);
    if (canonical === "") return true;
    switch (kind) {
      case "email":
      case "iban":
      case "url":
      case "date":
        return this.#of(kind).has(canonical);
      case "amount":
        return this.amounts.includes(Number(canonical));
      case "id":
        return /\D/.test(canonical) ? this.#stands(canonical) : this.#namesId(canonical, idOf);
      case "secret":
      case "path":
        return standsIn(this.text.normalize("NFKC"), canonical);
      case "name":
        return this.#stands(canonical);
    }
  }

  /** Sums that are named: no percentages, and no numbers within dates, accounts and addresses. */
  get amounts(): readonly number[] {
    this.#amounts ??= amountsIn(this.text);
    return this.#amounts;
  }

  /** The words that may describe something. */
  get describing(): ReadonlySet<string> {
    this.#describing ??= new Set(this.#words.filter((word) => !stopWords.has(word) && word.length > 1));
    return this.#describing;
  }

  /** Whether a whole text is the owner's own, word for word; a short number may stand for one of them ("the k-th"). */
  isQuoted(text: string): boolean {
    const wanted = wordsIn(text);
    if (wanted.length === 0) return false;
    const last = this.#words.length - wanted.length;
    for (let at = 0; at <= last; at += 1) {
      if (wanted.every((word, n) => word === this.#words[at + n] || /^\d{1,3}$/.test(word))) return true;
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

  #stands(value: string): boolean {
    return standsIn(this.#plain, value);
  }

  /** A bare number names nothing; "id 7", "#7" and, of a transaction, "transaction 7" do. */
  #namesId(value: string, idOf: string | undefined): boolean {
    const nouns = ["id", "no", "nr", "number", ...(idOf === undefined ? [] : [escaped(idOf.toLowerCase())])];
    const named = new RegExp(
      `(?:#|(?<![\\p{L}\\p{N}])(?:${nouns.join("|")})[ .:#]{1,3})${value}(?![.,]?[\\p{L}\\p{N}])`,
      "u",
    );
    return named.test(this.#plain);
  }
}

/** Whole: not inside a longer word, number, address or path. */
export function standsIn(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + value.length, at + value.length + 2);
    if (
      !/[\p{L}\p{N}_@%+/\\-]$|[\p{L}\p{N}][.:]$/u.test(before) &&
      !/^[\p{L}\p{N}_@%+/\\]|^[.:-][\p{L}\p{N}]/u.test(after)
    )
      return true;
  }
  return false;
}

function amountsIn(text: string): number[] {
  const rest = ["iban", "email", "url", "date"] as const;
  const patterns = rest.flatMap((kind) => found(text, kind));
  let plain = text.normalize("NFKC");
  for (const value of patterns) plain = plain.replaceAll(new RegExp(escaped(value), "giu"), " ");
  const matches = plain.matchAll(
    /(?<![\p{L}\p{N}.,-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+|,\d{1,2})?(?!\s?%|[\p{L}\p{N}]|[.,:-]\d)/gu,
  );
  return [...matches].map(([match]) => Number(match.replace(/,(?=\d{3}(?:\D|$))/g, "").replace(",", ".")));
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
