import { functionWordsFor } from "../memory/search/function-words.ts";
import { wordsOf } from "../memory/search/search-text.ts";
import { frameWords, stopWords } from "../memory/search/stop-words.ts";

/** Whether a sentence denies what it says is compared apart. */
const denying = new Set("not never no longer anymore any more nicht nie niemals kein keine keinen mehr".split(" "));

/** The words of a sentence that tell what it is about, without their endings. */
export function tellingWords(text: string): Set<string> {
  const words = wordsOf(text.replace(/n['’]t(?!\p{L})/giu, " not")).map((word) => word.toLowerCase());
  const small = [stopWords, frameWords, denying, functionWordsFor(words)];
  return new Set(words.filter((word) => !small.some((each) => each.has(word))).map(stem));
}

const stem = (word: string): string =>
  word.length < 5
    ? word.replace(/(?<=\p{L}{3})s$/u, "")
    : word.replace(/(?:ing|ed|es|en|s|t|e)$/u, "").replace(/e$/u, "");

export const holdsAll = (words: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean =>
  wanted.size > 0 && [...wanted].every((word) => words.has(word));
