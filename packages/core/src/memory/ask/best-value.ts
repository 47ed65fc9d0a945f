import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { wordLikeness } from "../search/word-likeness.ts";
import type { Concept } from "./asked.ts";
import { type Passage, type SaidWord, saidWords } from "./passages.ts";
import type { Value } from "./values.ts";
import type { Wanted } from "./wants.ts";

export const strengthOf = (value: Value | undefined): number => value?.strength ?? 0;

/** Of the plainest values the one that stands closest to the words asked for, and is none of them. */
export function bestValue(values: readonly Value[], passage: Passage, concepts: readonly Concept[]): Value | undefined {
  const isAsked = ({ folded }: SaidWord) => concepts.some((concept) => wordLikeness(concept.folded, folded) >= 0.6);
  const isAskedName = (text: string) => {
    const names = namesIn(text);
    return names.length > 0 && names.every(isAsked);
  };
  const near = passage.words.filter(isAsked);
  const away = ({ index, text }: Value) =>
    Math.min(200, ...near.map((word) => Math.max(0, word.index - (index + text.length), index - word.index)));
  const counts = (value: Value) =>
    value.kind === "count" &&
    near.some(({ index }) => index > value.index && index - value.index - value.text.length <= 12);
  const isGreeting = greeting.test(passage.text);
  /** "Rent: 940", "Odette, 82": what follows the word asked for at once is its value. "Letter 58" is no number of letters. */
  const follows = ({ kind, index }: Value) =>
    numeric.has(kind) &&
    near.some((word) => {
      const between = passage.text.slice(word.index + word.word.length, index);
      const isLabel = kind === "count" && between.trim() === "";
      return index > word.index && between.length <= 12 && !isLabel && following.test(between);
    });
  return values
    .filter(({ kind }) => !(isGreeting && kind === "person"))
    .filter(({ kind, text }) => !(naming.has(kind) && isAskedName(text)))
    .map((value) => ({ value: counts(value) ? { ...value, strength: 1 } : value, away: away(value) }))
    .map(({ value, away }) => ({ value: follows(value) ? { ...value, strength: 1 } : value, away }))
    .map(({ value, away }) => ({ value, score: value.strength - away / 400 }))
    .sort((a, b) => b.score - a.score)[0]?.value;
}

const numeric: ReadonlySet<string> = new Set(["age", "money", "count", "measure", "duration"]);
const following = /^(?:['’]s)?\s*(?:[,:=(–—-]\s*)?(?:(?:is|are|ist|est|es|é|now|jetzt)\s+)*$/u;

/** The people and places that a memory is known to be about, where its passage or its title names them. */
export function namedIn(
  { entities }: MemoryRecord,
  title: string,
  passage: Passage,
  kinds: ReadonlySet<Wanted>,
): Value[] {
  return entities.flatMap(({ kind, name }) => {
    if ((kind !== "person" && kind !== "place") || !kinds.has(kind)) return [];
    const index = passage.text.indexOf(name);
    if (index >= 0) return [{ kind, index, text: name, strength: 0.9 }];
    // A note that is called by a name is about that one.
    return title.includes(name) ? [{ kind, index: 0, text: name, strength: title === name ? 0.9 : 0.75 }] : [];
  });
}

const greeting =
  /^\s*(?:hi|hello|hey|dear|liebe[rs]?|hallo|moin|sehr geehrte|guten (?:tag|morgen)|bonjour|salut|ch[eè]re?|hola|querid[oa]|estimad[oa]|olá|caro|cara)(?!\p{L})/iu;

const namesIn = (text: string): SaidWord[] => saidWords(text).filter(({ index }) => /\p{Lu}/u.test(text.charAt(index)));

/** Who is asked for is not who is named in the question. */
const naming: ReadonlySet<string> = new Set(["person", "place"]);
