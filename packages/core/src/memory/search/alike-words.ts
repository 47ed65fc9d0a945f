import { functionWordsFor } from "./function-words.ts";
import { wordsOf } from "./search-text.ts";
import { stopWords } from "./stop-words.ts";
import { stemOf } from "./terms.ts";
import { fold, wordLikeness } from "./word-likeness.ts";

/** From here on a word is another form of one; below it, it may only be put together with it. */
const formLikeness = 0.9;
const lettersLeast = 2;

/** The words of a text that tell what it is about, in lower case, each once: neither common ones nor single letters. */
export function wantedWords(text: string): string[] {
  const words = wordsOf(text).map((word) => word.toLowerCase());
  const small = functionWordsFor(words);
  return [...new Set(words)].filter((word) => word.length >= lettersLeast && !stopWords.has(word) && !small.has(word));
}

/** Says of texts which of some words stand in them, in one form or another: "running" does in "Run a marathon". */
export function wordsAlike(wanted: readonly string[]): (text: string) => string[] {
  const asked = wanted.map((word) => ({ word, folded: fold(word), stem: stemOf(word) }));
  const known = new Map<string, readonly string[]>();
  const alikeTo = (said: string): readonly string[] => {
    const [folded, stem] = [fold(said), stemOf(said)];
    const alike = asked.filter(
      (each) => each.stem === stem || wordLikeness(each.folded, folded, false) >= formLikeness,
    );
    return alike.map(({ word }) => word);
  };
  return (text) => {
    const found = new Set<string>();
    for (const spelled of wordsOf(text)) {
      const said = spelled.toLowerCase();
      const alike = known.get(said) ?? alikeTo(said);
      known.set(said, alike);
      for (const word of alike) found.add(word);
    }
    return wanted.filter((word) => found.has(word));
  };
}
