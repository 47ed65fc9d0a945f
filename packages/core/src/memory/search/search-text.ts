/**
 * The text as the index sees it: scripts written without spaces are spaced out, one character a word, because the
 * tokenizer would take a whole sentence for one word. Stored text and questions must both pass through here.
 */
export function searchText(text: string): string {
  const clean = text.toWellFormed().replaceAll("\0", " ");
  return unspaced.test(clean) ? clean.replace(unspacedAll, " $& ") : clean;
}

/** The words of a text, without elided endings ("Caroline's", "don't"). */
export function wordsOf(text: string): string[] {
  return searchText(text).replace(elision, "").match(word) ?? [];
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const unspacedAll = new RegExp(unspaced, "gu");
const elision = /['’](?:s|t|re|ve|ll|d|m)(?![\p{L}\p{N}])/giu;
const word = /[\p{L}\p{N}\p{M}]+/gu;
