/** Where a quotation begins and ends in a text, its marks left out. */
export interface Quotation {
  start: number;
  end: number;
}

// A mark opens after a blank or a bracket, and closes before a blank or a sign: an apostrophe does neither.
const quoted =
  /(?<![\p{L}\p{N}])(?:"([^"\n]{1,2000})"|“([^”\n]{1,2000})”|„([^“”\n]{1,2000})[“”]|«([^»\n]{1,2000})»|`([^`\n]{1,2000})`|‘([^’\n]{1,2000})’(?![\p{L}\p{N}])|'((?:[^'\n]|'(?=\p{L})){1,2000})'(?![\p{L}\p{N}]))/gu;

export function quotationsIn(text: string): Quotation[] {
  return [...text.matchAll(quoted)].map(({ 0: all, index }) => ({ start: index + 1, end: index + all.length - 1 }));
}

/** What somebody says for themselves: without quotations, addresses, links and paths. */
export function withoutNames(text: string): string {
  return text.replaceAll(quoted, " ¶ ").replaceAll(/\S{0,300}(?:@|\/|\\|[\p{L}\p{N}]\.[\p{L}])\S{0,300}/gu, " ¶ ");
}
