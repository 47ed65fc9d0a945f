import { isPlainName, kindOf, wordsIn } from "./kinds.ts";
import type { OwnerWords } from "./owner-words.ts";
import { type Field, fieldWords, isSelf, type Row } from "./rows.ts";

interface Described {
  row: Row;
  /** What of the owner's words it is described by. */
  by: ReadonlySet<string>;
}

// A name is short: what is longer is a text, and says whatever its author likes.
const nameWordsMax = 12;

/**
 * The rows of one skill's answers that the owner's words describe. Each is looked at once, when it is taken in, and kept
 * only where something is said of it.
 */
export class DescribedRows {
  readonly #words: OwnerWords;
  readonly #spread = new Map<string, number>();
  readonly #bounds = new Map<string, number>();
  #rows: Described[] = [];
  #count = 0;
  #best: readonly Row[] | undefined;
  #only: Row | null | undefined;

  constructor(words: OwnerWords) {
    this.#words = words;
  }

  add(row: Row): void {
    this.#count += 1;
    const by = descriptionOf(row, this.#words);
    // Whatever was added, what describes every row may do so no more.
    this.#best = undefined;
    this.#only = undefined;
    this.#bounds.clear();
    if (by.size === 0) return;
    this.#rows.push({ row, by });
    for (const word of by) this.#spread.set(word, (this.#spread.get(word) ?? 0) + 1);
  }

  /** All rows of which anything is said. */
  get said(): Row[] {
    return this.#rows.map(({ row }) => row);
  }

  /** The one row that is described best, where a question of the owner's found it; the same entry read twice is one. */
  get only(): Row | undefined {
    if (this.#only === undefined) {
      const found = this.best.find(({ isFound }) => isFound);
      this.#only = found && this.best.every((other) => isSameRow(found, other)) ? found : null;
    }
    return this.#only ?? undefined;
  }

  /** The smallest that a field says in those that are described best; none, where one of them says nothing. */
  bound(name: string): number {
    const known = this.#bounds.get(name);
    if (known !== undefined) return known;
    const amounts = this.best.map(({ fields }) =>
      Number(fields.find((field) => field.name === name && field.role === "record")?.value ?? Number.NaN),
    );
    const isKnown = this.best.some(({ isFound }) => isFound) && !amounts.some(Number.isNaN);
    const bound = isKnown ? amounts.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY) : -1;
    this.#bounds.set(name, bound);
    return bound;
  }

  /**
   * Those that are described best: one, where the words describe one; several, where they cannot tell them apart; none,
   * where they describe none. A row is described by what its author could not write against the owner: what the system
   * assigned, whom it authenticated, names where third parties cannot choose them, and text of the owner's own.
   */
  get best(): readonly Row[] {
    this.#best ??= this.#bestOf();
    return this.#best;
  }

  #bestOf(): Row[] {
    // What describes every row tells none from the others.
    const weight = (word: string) => {
      const spread = this.#spread.get(word) ?? 1;
      return this.#count > 1 && spread === this.#count ? 0 : 1 / spread;
    };
    const weights = new Map([...this.#spread.keys()].map((word) => [word, weight(word)]));
    const scores = this.#rows.map(({ by }) => {
      let score = 0;
      for (const word of by) score += weights.get(word) ?? 0;
      return score;
    });
    const best = scores.reduce((most, score) => Math.max(most, score), 0);
    return best === 0 ? [] : this.#rows.flatMap(({ row }, n) => ((scores[n] ?? 0) > best - 1e-9 ? [row] : []));
  }
}

function isSameRow(a: Row, b: Row): boolean {
  if (a === b) return true;
  return (
    a.fields.length === b.fields.length &&
    a.fields.every(({ name, value }, n) => name === b.fields[n]?.name && value === b.fields[n]?.value)
  );
}

function descriptionOf(row: Row, words: OwnerWords): Set<string> {
  const found = new Set<string>();
  for (const field of row.fields) {
    if (!canDescribe(field, row)) continue;
    const { value } = field;
    if (field.role === "party" || field.role === "record") {
      if (isSaid(value, words)) found.add(String(value).toLowerCase());
    } else {
      const name = fieldWords(field);
      if (field.role === "label" && name.length > nameWordsMax) continue;
      for (const word of name) if (words.describing.has(word)) found.add(word);
    }
  }
  return found;
}

/** What describes nothing by its words does not by the whole, either: "report" is a report's. */
function isSaid(value: Field["value"], words: OwnerWords): boolean {
  if (typeof value === "boolean" || isSelf(value)) return false;
  const kind = kindOf(value, undefined);
  if (!words.has(value, kind)) return false;
  return (
    kind !== "name" || !isPlainName(String(value)) || wordsIn(String(value)).some((each) => words.describing.has(each))
  );
}

function canDescribe({ role }: Field, { isOwn, step }: Row): boolean {
  if (role === "record" || role === "party") return true;
  return isOwn || (role === "label" && step.facts.writers !== "anyone");
}
