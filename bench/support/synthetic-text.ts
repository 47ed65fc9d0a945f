import { randomFrom } from "@mh/testing";

/** A sentence of made-up words, always the same for a number; its words are the rarer the higher theirs is, as in a language. */
export function sentence(n: number): string {
  const pick = randomFrom(n + 1);
  return `${Array.from({ length: 10 + (n % 25) }, () => word(Math.floor(50_000 * pick() ** 3))).join(" ")}.`;
}

/** A word of syllables. */
function word(n: number): string {
  const [heads, tails] = ["b d f g h k l m n p r s t v".split(" "), "a e i o u".split(" ")];
  const count = heads.length * tails.length;
  const syllable = heads[n % heads.length] + (tails[Math.floor(n / heads.length) % tails.length] as string);
  return n < count ? `${syllable}n` : syllable + word(Math.floor(n / count));
}

/** The beginnings of sentences that are there. */
export const questionsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => sentence(n * 7).slice(0, 60));

const dimension = 384;
const known = new Map<string, Float32Array>();

/** A vector of a sentence: the sum of those of its words, which are noise, and of what all sentences have. */
export function vectorOf(text: string): Float32Array {
  const vector = noiseOf("");
  const all = Float32Array.from(vector, (part) => part * 2);
  for (const each of text.replace(".", "").split(" ")) {
    const parts = noiseOf(each);
    for (let i = 0; i < dimension; i += 1) all[i] = (all[i] as number) + (parts[i] as number);
  }
  return all;
}

function noiseOf(text: string): Float32Array {
  const made = known.get(text);
  if (made) return made;
  const pick = randomFrom([...text].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7) >>> 0);
  const noise = Float32Array.from({ length: dimension }, () => pick() - 0.5);
  known.set(text, noise);
  return noise;
}
