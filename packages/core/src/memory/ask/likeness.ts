import { sameMeaning } from "../search/everyday-words.ts";
import { kinOf } from "../search/kin.ts";
import { stemOf } from "../search/terms.ts";
import { wordLikeness } from "../search/word-likeness.ts";
import type { WordVectors } from "../search/word-vectors.ts";
import type { Asked } from "./asked.ts";
import { inCapitals, type SaidWord } from "./passages.ts";

/** How like the best word of a text is to each word of the question. */
export type Near = (words: readonly SaidWord[]) => number[];

const meantFrom = 0.55;
/** "TAP" is hardly the tap. */
const otherLettersShare = 0.5;
const aliasLikeness = 0.85;

/** Reads words for how like they are to those of the question: by letters, by meaning and by names. */
export function likenessTo({ concepts, text }: Asked, vectors: WordVectors | undefined): Near {
  const hasSmall = /\p{Ll}/u.test(text);
  const readers = concepts.map(({ folded, joined, word, spelled, aliases }) => {
    const isCapitals = hasSmall && inCapitals(spelled);
    const rank = vectors?.rankOf(word);
    const meant = rank === undefined ? undefined : vectors?.likenessTo(rank);
    const kin = vectors ? kinOf(word, vectors) : undefined;
    const same = sameMeaning(word);
    const isWord = vectors?.isWord(word) ?? false;
    const likeness = (said: SaidWord): number => {
      if (aliases.includes(said.word)) return aliasLikeness;
      const letters = joined.includes(said.folded)
        ? 1
        : wordLikeness(folded, said.folded, !(isWord && vectors?.isWord(said.word)));
      if (letters >= 0.7) return letters;
      const other = vectors?.rankOf(said.word);
      const cosine = other === undefined || !meant ? 0 : meant(other);
      return Math.max(
        letters,
        same.has(stemOf(said.folded)) ? 0.75 : 0,
        0.8 * (kin?.get(stemOf(said.word)) ?? 0),
        cosine >= meantFrom ? 0.7 * cosine : 0,
      );
    };
    const known = new Map<string, number>();
    return (said: SaidWord): number => {
      const made = known.get(said.word) ?? likeness(said);
      known.set(said.word, made);
      return isCapitals && !said.isCapitals ? made * otherLettersShare : made;
    };
  });
  return (words) => readers.map((read) => words.reduce((best, said) => Math.max(best, read(said)), 0));
}
