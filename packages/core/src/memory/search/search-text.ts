/**
 * The text as the index sees it. Behind it stands a word for each emoji, which no tokenizer takes for one: behind, so that what
 * stands around an emoji stands together. Stored text must pass through here, words of questions through `asIndexed`.
 */
export function searchText(text: string): string {
  const signs = text.match(signAll);
  return signs ? [spacedText(text), ...new Set(signs.map(asIndexed))].join(" ") : spacedText(text);
}

/** Scripts written without spaces are spaced out, one character a word: the tokenizer would take a whole sentence for one word. */
export function spacedText(text: string): string {
  const clean = text.toWellFormed().replaceAll("\0", " ");
  return unspaced.test(clean) ? clean.replace(unspacedAll, " $& ") : clean;
}

/** A word of a question as the index has it, but for its ending. The last letter keeps it from being taken for one. */
export const asIndexed = (word: string): string =>
  sign.test(word) ? `sign${word.codePointAt(0)?.toString(16)}x` : word;

/** The words of a text, without elided endings ("Caroline's", "don't"). */
export function wordsOf(text: string): string[] {
  return spacedText(text).replace(elision, "").match(word) ?? [];
}

/** The same and its emoji. */
export function wordsAndSignsOf(text: string): string[] {
  return sign.test(text) ? [...wordsOf(text), ...(text.match(signAll) ?? [])] : wordsOf(text);
}

const sign = /\p{Extended_Pictographic}/u;
const signAll = new RegExp(sign, "gu");
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const unspacedAll = new RegExp(unspaced, "gu");
const elision = /['’](?:s|t|re|ve|ll|d|m)(?![\p{L}\p{N}])/giu;
const word = /[\p{L}\p{N}\p{M}]+/gu;
