import type { Likeness } from "@mh/core/memory/search/meaning.ts";
import { meanOf, minus, unit } from "@mh/core/memory/vectors/int8.ts";
import type { VectorFile } from "@mh/core/memory/vectors/vectors.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { isDamage } from "@mh/core/ports/database.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";

/** Vectors as models make them: some clouds, and all of them far to one side, which is `bias`. */
export function vectorClouds(count: number, spread: number, noise: () => Float32Array) {
  const bias = noise().map((part) => part * 4);
  const middles = Array.from({ length: count }, noise);
  const vectorNear = (n: number): Float32Array =>
    noise().map((part, i) => part * spread + (middles[n % count]?.[i] as number) + (bias[i] as number));
  return { bias, vectorNear };
}

/**
 * Which part of the ten nearest to each question by all floats is among the ten that are found; 1 is all of them. `centre` is
 * taken from questions, and from vectors their own mean.
 */
export function recallAt10(
  all: readonly { memory: string; vector: Float32Array }[],
  questions: readonly Float32Array[],
  centre: Float32Array,
  nearest: (question: Float32Array, most: number) => readonly Likeness[],
): number {
  const mean = meanOf(all.map(({ vector }) => vector)) as Float32Array;
  const kept = all.map(({ memory, vector }) => ({ memory, at: unit(minus(vector, mean)) }));
  let same = 0;
  for (const question of questions) {
    const at = unit(minus(question, centre));
    const exact = kept
      .map(({ memory, at: other }) => ({
        memory,
        likeness: other.reduce((sum, part, i) => sum + part * (at[i] as number), 0),
      }))
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, 10);
    const found = new Set(nearest(question, 10).map(({ memory }) => memory));
    same += exact.filter(({ memory }) => found.has(memory)).length;
  }
  return same / (10 * questions.length);
}

/** A file of vectors in memory; `dbs` get what was opened. */
export function vectorFileInMemory(dbs: Database[] = []): VectorFile {
  const open = () => {
    const db = openProjection(":memory:");
    dbs.push(db);
    return db;
  };
  return { isThere: () => true, open, remove: () => undefined, isDamaged: isDamage };
}
