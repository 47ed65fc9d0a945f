import type { Evidence } from "./evidence.ts";
import { saidWords } from "./passages.ts";

/**
 * With how far the subject of a fact is the one whom the question describes: "my son" by a memory that has the son's name
 * beside the words of the question. The fact itself has none of them.
 */
export function described(all: readonly Evidence[]): Evidence[] {
  const facts = all.filter(({ features }) => features.contact === 1);
  if (facts.length === 0) return [...all];
  const named = new Map(facts.map((each) => [each, namesOf(each)]));
  const subjects = new Map([...named.values()].map((names) => [names.join(" "), names]));
  const isShared = (name: string) => [...subjects.values()].filter((names) => names.includes(name)).length > 1;
  const others = all
    .filter(({ hit }) => hit.record.fact === undefined)
    .map((each) => ({ cover: each.features.cover, words: wordsOf(each) }));
  return all.map((each) => {
    const names = named.get(each)?.filter((name) => !isShared(name)) ?? [];
    const telling = others.filter(({ words }) => names.some((name) => words.has(name)));
    const most = Math.max(0, ...telling.map(({ cover }) => cover));
    return { ...each, features: { ...each.features, described: most } };
  });
}

const namesOf = ({ hit }: Evidence): string[] =>
  saidWords(hit.record.fact?.subject ?? "").flatMap(({ folded }) => (folded.length >= 3 ? [folded] : []));

const charactersMax = 8_000;

function wordsOf({ hit: { record } }: Evidence): ReadonlySet<string> {
  const text = `${record.speaker ?? ""} ${record.content.slice(0, charactersMax)}`;
  return new Set(saidWords(text).map(({ folded }) => folded));
}
