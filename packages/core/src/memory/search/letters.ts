const buckets = 1 << 16;
const charactersMax = 2_000;

/**
 * How alike the question and each text are in their letters: hashed character 3- to 5-grams that both have, rare ones
 * weighing more, over the root of the text's length. It bridges spelling, word forms and compounds that words miss.
 */
export function likeness(question: string, texts: readonly string[]): number[] {
  const asked = new Map<number, number>();
  eachGram(question, (gram) => asked.set(gram, (asked.get(gram) ?? 0) + 1));
  // By bucket: which of the question's grams it is, from 1; 0 is none of them.
  const place = new Uint16Array(buckets);
  for (const [i, gram] of [...asked.keys()].entries()) place[gram] = i + 1;
  const documents = new Uint32Array(asked.size + 1);
  const shared = texts.map((text) => {
    const counts = new Uint16Array(asked.size + 1);
    const total = eachGram(text, (gram) => {
      const at = place[gram] as number;
      if (at > 0) counts[at] = (counts[at] as number) + 1;
    });
    for (let at = 1; at < counts.length; at++) if (counts[at] !== 0) documents[at] = (documents[at] as number) + 1;
    return { counts, total };
  });
  const weights = [...asked.values()].map(
    (times, i) => times * Math.log(1 + texts.length / ((documents[i + 1] as number) + 0.5)) ** 2,
  );
  return shared.map(({ counts, total }) => {
    const score = weights.reduce((sum, weight, i) => sum + weight * (counts[i + 1] as number), 0);
    return total === 0 ? 0 : score / Math.sqrt(total);
  });
}

/** Calls back with each gram's bucket (FNV-1a); returns how many there were. */
function eachGram(text: string, visit: (gram: number) => void): number {
  const letters = ` ${text
    .slice(0, charactersMax)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;
  let total = 0;
  for (let start = 0; start < letters.length; start++) {
    let hash = 2_166_136_261;
    for (let end = start; end < start + 5 && end < letters.length; end++) {
      hash = Math.imul(hash ^ letters.charCodeAt(end), 16_777_619);
      if (end - start < 2) continue;
      visit((hash ^ (hash >>> 16)) & (buckets - 1));
      total++;
    }
  }
  return total;
}
