/** A stretch of a text, in UTF-16 units, as Telegram's `MessageEntity` counts. */
export interface Stretch {
  type: "code" | "pre";
  offset: number;
  length: number;
}

/** Telegram takes a hundred; the rest of them would be left out. */
const stretchesMax = 90;

/**
 * What keeps a text from acting: Telegram makes links of addresses, names, tags, numbers and commands that it finds in plain text,
 * and one tap on a command sends it as the owner's own words. Within code it finds nothing; the text stays as it is.
 */
export function inertStretches(text: string): Stretch[] {
  const found = [...text.matchAll(/\S*[/@#$.:+\\＠＃]\S*/gu)].filter(([word]) => /[\p{L}\p{N}]/u.test(word));
  if (found.length === 0) return [];
  if (found.length > stretchesMax) return [{ type: "pre", offset: 0, length: text.length }];
  return found.map(({ index, 0: word }) => ({ type: "code", offset: index, length: word.length }));
}
