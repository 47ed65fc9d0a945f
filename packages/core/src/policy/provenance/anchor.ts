import { kindOf } from "./kinds.ts";
import type { OwnerWords } from "./owner-words.ts";
import { type Field, fieldWords, isSelf, type Row } from "./rows.ts";

interface Described {
  row: Row;
  /** What of the owner's words it is described by. */
  by: ReadonlySet<string>;
}

/**
 * The rows of one skill's answers that the owner's words describe. Each is looked at once, when it is taken in, and kept
 * only where something is said of it.
 */
export class DescribedRows {
  readonly #words: OwnerWords;
  readonly #spread = new Map<string, number>();
  #rows: Described[] = [];
  #count = 0;
  #best: Row[] | undefined;

  constructor(words: OwnerWords) {
    this.#words = words;
  }

  add(row: Row): void {
    this.#count += 1;
    this.#best = undefined;
    const by = descriptionOf(row, this.#words);
    if (by.size === 0) return;
    this.#rows.push({ row, by });
    for (const word of by) this.#spread.set(word, (this.#spread.get(word) ?? 0) + 1);
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

function descriptionOf(row: Row, words: OwnerWords): Set<string> {
  const found = new Set<string>();
  for (const field of row.fields) {
    if (!canDescribe(field, row)) continue;
    const { value } = field;
    if (field.role === "party" || field.role === "record") {
      const isSaid = typeof value !== "boolean" && words.has(value, kindOf(value, undefined));
      if (isSaid && !isSelf(value)) found.add(String(value).toLowerCase());
    } else for (const word of fieldWords(field)) if (words.describing.has(word)) found.add(word);
  }
  return found;
}

function canDescribe({ role }: Field, { isOwn, step }: Row): boolean {
  if (role === "record" || role === "party") return true;
  return isOwn || (role === "label" && step.facts.writers !== "anyone");
}
