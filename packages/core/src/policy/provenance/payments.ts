import { isSelf, type Row } from "./rows.ts";

/** Payments to the owner, by their sums: of those that the owner names. */
export class Payments {
  readonly #bySum = new Map<number, Map<string, Row>>();

  constructor(sums: readonly number[]) {
    for (const sum of sums) this.#bySum.set(sum, new Map());
  }

  add(row: Row): void {
    for (const { role, value } of row.fields) {
      const known = role === "record" && typeof value === "number" ? this.#bySum.get(value) : undefined;
      if (!known || !isIncoming(row)) continue;
      const key = JSON.stringify(row.fields);
      // The same read twice is one.
      if (!known.get(key)?.isFound) known.set(key, row);
    }
  }

  /** Those over a sum. */
  over(sum: number): readonly Row[] {
    return [...(this.#bySum.get(sum)?.values() ?? [])];
  }
}

/** From another, to the owner. */
function isIncoming(row: Row): boolean {
  const author = authorOf(row);
  const isToSelf = row.fields.some(({ role, value }) => role === "party" && value !== author && isSelf(value));
  return isToSelf && author !== undefined && !isSelf(author);
}

/** By whom the system says that it is. */
export const authorOf = ({ fields, step }: Row) =>
  fields.find(({ name, role }) => name === step.facts.author && role === "party")?.value;
