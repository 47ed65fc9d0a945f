import { kindOf } from "./kinds.ts";
import type { OwnerWords } from "./owner-words.ts";
import { type Field, fieldWords, type Row } from "./rows.ts";

/**
 * The rows of one skill's answers that the owner's words describe best: one, where they describe one; several, where
 * they cannot tell them apart; none, where they describe none. A row is described by what its author could not write
 * against the owner: what the system assigned, whom it authenticated, names where third parties cannot choose them, and
 * text of the owner's own.
 */
export function describedRows(rows: readonly Row[], words: OwnerWords): Row[] {
  const described = rows.map((row) => descriptionOf(row, words));
  const spread = new Map<string, number>();
  for (const description of described) for (const word of description) spread.set(word, (spread.get(word) ?? 0) + 1);
  // What describes every row tells none from the others.
  const weight = (word: string) =>
    rows.length > 1 && spread.get(word) === rows.length ? 0 : 1 / (spread.get(word) ?? 1);
  const scores = described.map((description) => [...description].reduce((sum, word) => sum + weight(word), 0));
  const best = Math.max(0, ...scores);
  return best === 0 ? [] : rows.filter((_row, n) => (scores[n] ?? 0) > best - 1e-9);
}

function descriptionOf(row: Row, words: OwnerWords): Set<string> {
  const found = new Set<string>();
  for (const field of row.fields) {
    if (!canDescribe(field, row)) continue;
    const { value } = field;
    if (field.role === "party" || field.role === "record") {
      const isSaid = typeof value !== "boolean" && words.has(value, kindOf(value, undefined));
      if (isSaid && !isOwner(value)) found.add(String(value).toLowerCase());
    } else for (const word of fieldWords(field)) if (words.describing.has(word)) found.add(word);
  }
  return found;
}

function canDescribe({ role }: Field, { isOwn, step }: Row): boolean {
  if (role === "record" || role === "party") return true;
  return isOwn || (role === "label" && step.facts.writers !== "anyone");
}

const isOwner = (value: unknown): boolean => /^(me|self|you|owner)$/i.test(String(value));
