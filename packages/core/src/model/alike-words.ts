/** Words of three letters and more, in lower case, each once. */
export const longWords = (text: string): string[] => [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [])];

/** How many of some words stand in a text, or nearly: "mails" and "mail" begin alike, and one is hardly longer. */
export function countAlike(wanted: readonly string[], text: string): number {
  const words = longWords(text);
  return wanted.filter((word) => words.some((each) => isAlike(each, word))).length;
}

/** Whether two words begin alike, and one is hardly longer. */
export const isAlike = (a: string, b: string): boolean =>
  a === b || (Math.abs(a.length - b.length) <= 3 && (a.startsWith(b) || b.startsWith(a)));
