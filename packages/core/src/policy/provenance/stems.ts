// What a stem keeps at least: shorter ones are stems of words that have nothing to do with each other.
const lettersMin = 4;

const stems = new Map<string, string>();
const knownMax = 20_000;

/**
 * What a word in lower case has in common with its other forms: "gardens", "gardening" and "gardener" are of one stem.
 * Endings of English only; what has another ending is its own stem.
 */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= knownMax) stems.clear();
  const stem = stripped(word);
  stems.set(word, stem);
  return stem;
}

function stripped(word: string): string {
  if (!/^\p{L}+$/u.test(word)) return word;
  const singular = singularOf(word);
  const bare = /^(.+?)(?:ing|er|ed)$/.exec(singular)?.[1] ?? singular;
  const doubled = /([^aeiouls])\1$/.test(bare) && bare !== singular ? bare.slice(0, -1) : bare;
  const stem = doubled.length >= lettersMin ? doubled : singular;
  return stem.length > lettersMin ? stem.replace(/e$/, "") : stem;
}

/** A noun in lower case as one: "repositories" are "repository". */
export function singularOf(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  return word.replace(/(?<=x|z|ch|sh|ss)es$|(?<=..[^su])s$/, "");
}
