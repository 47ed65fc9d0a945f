import { stemOf } from "./terms.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Stems of what WordNet relates to a word of a question, and what each counts in its place. */
export function kinOf(word: string, vectors: WordVectors): ReadonlyMap<string, number> {
  const kin = new Map<string, number>();
  for (const base of basesOf(word)) {
    const rank = vectors.rankOf(base);
    if (rank === undefined) continue;
    for (const related of vectors.relations.of(rank)) {
      if (related.rank < commonest) continue;
      const weight = related.weight * Math.min(1, rarityOf(related.rank) / rarityOf(rank));
      const stem = stemOf(vectors.wordOf(related.rank));
      kin.set(stem, Math.max(kin.get(stem) ?? 0, weight));
    }
  }
  return kin;
}

/** A word that stands in every other text stands for nothing. */
const commonest = 150;
const rarityOf = (rank: number) => Math.log(rank + 10) - 2;

/** A word, and what it may be a form of. */
function basesOf(word: string): string[] {
  const bases = [word];
  for (const [ending, instead] of endings)
    if (word.endsWith(ending) && word.length - ending.length >= 3) bases.push(word.slice(0, -ending.length) + instead);
  return bases;
}

const endings = [
  ["s", ""],
  ["es", ""],
  ["ies", "y"],
  ["ed", ""],
  ["ed", "e"],
  ["ing", ""],
  ["ing", "e"],
] as const;
