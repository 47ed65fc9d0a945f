import { likeness } from "../letters.ts";
import { wordsOf } from "../search-text.ts";
import { each, type Signal } from "./signal.ts";

/** BM25 of the memory itself. */
export const words: Signal = {
  scale: "relative",
  of: each(({ words }) => words),
  say: ({ terms }, { content }) => `it has ${quoted(terms, content)}`,
};

export const pairs: Signal = {
  scale: "relative",
  of: each(({ pairs }) => pairs),
  say: () => "words stand together as in the question",
};

/** What words miss: spelling, word forms and compounds. */
export const letters: Signal = {
  scale: "relative",
  of: ({ subject }, candidates) =>
    likeness(
      subject,
      candidates.map(({ content }) => content),
    ),
  say: () => "its spelling is close to the question's",
};

/** The question's words that the text has, also in another form: equal but for the last two letters. */
function quoted(terms: readonly string[], content: string): string {
  const spoken = wordsOf(content.slice(0, 4_000)).map((word) => word.toLowerCase());
  const shared = terms.filter((term) => {
    const stem = term.slice(0, Math.max(3, term.length - 2));
    return spoken.some((word) => word === term || (word.startsWith(stem) && Math.abs(word.length - term.length) <= 4));
  });
  return shared.length === 0 ? "words of the question" : list(shared.slice(0, 5));
}

export const list = (words: readonly string[]): string => words.map((word) => `“${word}”`).join(", ");
