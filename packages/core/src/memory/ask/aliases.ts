import type { Hit } from "@mh/contract/memory-look.ts";
import { languageIn } from "../search/function-words.ts";
import { stopWords } from "../search/stop-words.ts";
import { fold } from "../search/word-likeness.ts";
import { type Concept, titles } from "./asked.ts";
import { knownNames } from "./known-names.ts";
import { isLight } from "./light-words.ts";
import { type SaidWord, saidWords } from "./passages.ts";

const word = "[\\p{L}'’-]{1,40}";
const name = `\\p{Lu}${word}(?: \\p{Lu}${word})?`;
const mine =
  "(?:my|our|his|her|their|mein|unser|sein|ihr|mon|ma|notre|son|sa|mi|nuestr[oa]|su|meu|minha|noss[oa]|seu|sua)(?:e[nmrs]?)?";
const article = "(?:an?|the|ein|der|die|das|une?|l[ea]|el|una?|uma?|o|a)(?:e[nmrs]?)?";
/** "Jörn: my son", "Nogueira (accountant)"; "Ana, the plumber"; "our neighbour Ingeborg"; "a pony called Radish". */
const ofPeople = [
  `(?<name>${name})\\s?(?:\\(|[:=–—]\\s?)(?:(?:${mine}|${article}) )?(?<what>(?:${word} ){0,2}${word})`,
  `(?<name>${name}), (?:${mine}|${article}) (?<what>(?:${word} )?${word})`,
  `(?<!\\p{L})${mine} (?<what>(?:\\p{Ll}${word} )?${word}),? (?<name>${name})`,
];
const ofAnything = [
  `(?<what>${word}) (?:called|named|namens|genannt|appelée?|nommée?|llamad[oa]|chamad[oa]) ["“„«]?(?<name>${name})`,
];
const compiled = (sources: readonly string[]) =>
  sources.map((source) => new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, "gu"));
const patterns = [
  ...compiled(ofPeople).map((pattern) => ({ pattern, isOfPerson: true })),
  ...compiled(ofAnything).map((pattern) => ({ pattern, isOfPerson: false })),
];

const charactersMax = 4_000;
const namesMax = 4;
const meantFrom = 0.75;

/** Names of those whom words of the question describe, by word: "my accountant" is Nogueira where some memory says so. */
export function aliasesOf(
  concepts: readonly Concept[],
  hits: readonly Hit[],
  near: (words: readonly SaidWord[]) => readonly number[],
  isWord: (word: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const asked = new Set(concepts.map(({ folded }) => folded));
  const describing = concepts.flatMap((concept, i) =>
    concept.isName || concept.isAsking || isLight(concept.word) ? [] : [{ concept, i }],
  );
  if (describing.length === 0) return new Map();
  const known = knownNames(hits);
  for (const { record } of hits) {
    if (record.fact) continue;
    const text = record.content.slice(0, charactersMax);
    // In German any noun has a capital: there only who is known is somebody.
    let isGerman: boolean | undefined;
    const isCommon = (each: string) => {
      isGerman ??= languageIn(text) === "de";
      return isGerman || isWord(each.toLowerCase());
    };
    const isName = (each: string) => known.get(each) === "person" || !isCommon(each);
    for (const { name, what } of described(text, isName)) {
      const names = saidWords(name).map(({ word }) => word);
      if (names.some((each) => asked.has(fold(each)) || titles.has(fold(each)) || stopWords.has(each))) continue;
      const having = near(saidWords(what).slice(-1));
      for (const { concept, i } of describing)
        if ((having[i] ?? 0) >= meantFrom)
          found.set(concept.word, (found.get(concept.word) ?? new Set()).add(names[0] ?? ""));
    }
  }
  return new Map([...found].map(([concept, names]) => [concept, [...names].slice(0, namesMax)]));
}

function described(text: string, isName: (word: string) => boolean): { name: string; what: string }[] {
  return patterns.flatMap(({ pattern, isOfPerson }) =>
    [...text.matchAll(pattern)].flatMap(({ groups }) => {
      const { name = "", what = "" } = groups ?? {};
      return isOfPerson && !name.split(" ").every(isName) ? [] : [{ name, what }];
    }),
  );
}
