import { wordsOf } from "../../packages/core/src/memory/search/search-text.ts";
import { stopWords } from "../../packages/core/src/memory/search/stop-words.ts";

/** The words of a question without stop words, as other ways to search are given them. */
export function tellingWords(text: string): string[] {
  return wordsOf(text.toLowerCase()).filter((word) => !stopWords.has(word));
}
