import { nearnessOf } from "../nearness.ts";
import type { Concept } from "../question.ts";
import type { Term } from "../terms.ts";
import type { WordVectors } from "../word-vectors.ts";
import { type Signal, sum } from "./signal.ts";

/** What the text is about, as the question is: cosine of the two means of word vectors. */
export const topic: Signal = {
  scale: "relative",
  of({ concepts }, candidates, vectors) {
    const asked = vectors?.mean(concepts.map(({ word }) => vectors.rankOf(word) ?? -1));
    if (!vectors || !asked) return candidates.map(() => 0);
    return candidates.map(({ text }) => {
      const said = vectors.mean(text.map(({ rank }) => rank));
      return said ? Math.max(0, dot(asked, said)) : 0;
    });
  },
  say: () => "its topic is close",
};

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

/** What a memory's neighbours count by how far away they stand. */
const fading = 0.7;

/** Words of the text and of those around it that are near the question's in meaning. */
export const related: Signal = {
  scale: "relative",
  of({ concepts }, candidates, vectors) {
    const read = relatedness(concepts, vectors);
    return candidates.map(({ text, before, after }) => {
      let total = read(text);
      for (const turns of [before, after])
        for (const [i, turn] of turns.entries()) total += fading ** (i + 1) * read(turn.text);
      return total;
    });
  },
  say: () => "words in and around it are close to the question",
};

function relatedness(
  concepts: readonly Concept[],
  vectors: WordVectors | undefined,
): (text: readonly Term[]) => number {
  const near = nearnessOf(concepts, vectors);
  const texts = new Map<readonly Term[], number>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const likeness = near.said(text)?.likeness;
    const made = likeness ? sum(concepts.map(({ weight }, i) => weight * (likeness[i] as number) ** 2)) : 0;
    texts.set(text, made);
    return made;
  };
}
