const buckets = 1 << 16;
const charactersMax = 2_000;

/**
 * How alike the question and each text are in their letters: hashed character 3- to 5-grams that both have, rare ones
 * weighing more, over the root of the text's length. It bridges spelling, word forms and compounds that words miss.
 */
export function likeness(question: string, texts: readonly string[]): number[] {
  const asked = new Map<number, number>();
  eachGram(question, (gram) => asked.set(gram, (asked.get(gram) ?? 0) + 1));
  const isAsked = new Uint8Array(buckets);
  for (const gram of asked.keys()) isAsked[gram] = 1;
  const shared = texts.map((text) => {
    const counts = new Map<number, number>();
    const total = eachGram(text, (gram) => {
      if (isAsked[gram] === 1) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    });
    return { counts, total };
  });
  const documents = new Map<number, number>();
  for (const { counts } of shared)
    for (const gram of counts.keys()) documents.set(gram, (documents.get(gram) ?? 0) + 1);
  const rarity = (gram: number) => Math.log(1 + texts.length / ((documents.get(gram) ?? 0) + 0.5));
  return shared.map(({ counts, total }) => {
    let score = 0;
    for (const [gram, count] of counts) score += count * (asked.get(gram) ?? 0) * rarity(gram) ** 2;
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
