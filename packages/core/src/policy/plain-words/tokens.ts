/** Words that carry nothing here. */
const noise = new Set("a an the my your our any some may can please ever of their its".split(" "));

/** A sentence as words in lower case, without what carries nothing and the quotes around them. Paths keep their letters. */
export function tokensOf(text: string): string[] {
  return text
    .normalize("NFC")
    .replaceAll(/,/g, " , ")
    .replaceAll(/(\d)\s+([ap]m)\b/gi, "$1$2")
    .replaceAll(/([€$£])\s*(\d)/g, "$1 $2")
    .replaceAll(/(\d)\s*([€$£])/g, "$1 $2")
    .split(/\s+/)
    .map((word) => word.replace(/^[“”„"'`]{1,64}|[“”„"'`.!;:?]{1,64}$/g, ""))
    .map((word) => (word.startsWith("/") ? word : word.toLowerCase()))
    .filter((word) => word !== "" && !noise.has(word));
}

/** One form for a word's singular and plural, and for its first and third person: `sends` and `send`. */
export function stem(word: string): string {
  if (word === "does") return "do";
  if (word === "goes") return "go";
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  return word.endsWith("s") && !word.endsWith("ss") && word.length > 3 ? word.slice(0, -1) : word;
}

/** Whether some words stand at a place, in whatever form. */
export function standsAt(tokens: readonly string[], at: number, words: readonly string[]): boolean {
  return words.every((word, n) => stem(tokens[at + n] ?? "") === stem(word));
}
