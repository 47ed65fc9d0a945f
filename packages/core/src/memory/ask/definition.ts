import { fold, wordLikeness } from "../search/word-likeness.ts";
import type { Concept } from "./asked.ts";
import { saidWords } from "./passages.ts";

const naming =
  "called|named|name[:=]|nicknamed|namens|genannt|heißt|heisst|appelée?s?|s['’]appelle|nommée?s?|llamad[oa]s?|se llama|chamad[oa]s?|chama-se|se chama";
const explains =
  /^\s*(?:[:=–—(,]|->|is (?:a|an|the)\b|are\b|means\b|(?:ist|war|heißt|heisst|bedeutet)\b|(?:est|sont|c['’]est)\b|(?:es|son|é|são)\b)/iu;
const articles = new Set("the a an der die das ein eine le la les l el los un une una o os as um uma".split(" "));
const likeEnough = 0.8;

/**
 * How far a text says what something is, from 0 to 1: a line begins with it and goes on as a definition does ("Heron: the
 * routing service"), or it is the text's title.
 */
export function definitionOf(text: string, concepts: readonly Concept[]): number {
  const asked = concepts.filter(({ isAsking }) => !isAsking);
  if (asked.length === 0) return 0;
  const lines = text.slice(0, 8_000).split(/\n|(?<=[.!?;]) /u);
  return Math.max(
    ...lines.map(
      (line, i) => definedIn(line, asked, i === 0 && lines.length > 1) || (isExplainedIn(line, asked) ? 0.6 : 0),
    ),
  );
}

function definedIn(line: string, asked: readonly Concept[], isTitle: boolean): number {
  const words = saidWords(line);
  const first = words.findIndex(({ folded }) => asked.some((each) => isLike(each, folded)));
  const before = words.slice(0, Math.max(0, first)).filter(({ word }) => /[\p{L}\p{N}]/u.test(word));
  if (!before.every(({ folded }) => articles.has(folded)) || before.length > 1) return 0;
  const last = words
    .slice(0, first + asked.length + 1)
    .findLastIndex(({ folded }) => asked.some((each) => isLike(each, folded)));
  const found = asked.filter((each) => words.slice(0, last + 1).some(({ folded }) => isLike(each, folded)));
  if (last === -1 || found.length < asked.length) return 0;
  const word = words[last];
  const end = words[last + 1]?.index ?? line.length;
  const rest = word ? line.slice(line.slice(word.index, end).search(/[^\p{L}\p{N}\p{M}]|$/u) + word.index) : "";
  if (explains.test(rest)) return 1;
  return isTitle && words.length <= asked.length + 1 ? 0.8 : 0;
}

const appositionMax = 60;

/** Whether a line says by the way what it is: "Mateo, a friend of Clara's", "a pony called Radish". */
function isExplainedIn(line: string, asked: readonly Concept[]): boolean {
  const words = saidWords(line);
  return words.some(({ index, word }, i) => {
    if (!asked.some((each) => isLike(each, fold(word)))) return false;
    if (calledSo.test(line.slice(Math.max(0, index - 24), index))) return true;
    const next = words[i + 1];
    const end =
      next && asked.some((each) => isLike(each, next.folded)) ? next.index + next.word.length : index + word.length;
    return apposition.test(line.slice(end, end + appositionMax));
  });
}

const calledSo = new RegExp(`(?<!\\p{L})(?:${naming})\\s*["“«„']?$`, "iu");
const apposition =
  /^["”»'’]?(?:\s*\(\p{L}|,\s+(?:(?:an?|the|my|our|his|her|their|ein|eine|der|die|das|mein|meine|unser|unsere|sein|ihr|un|une|le|la|mon|ma|notre|una|el|mi|nuestr[oa]|um|uma|o|meu|minha)\s+\p{L}|\p{Ll}+\s+(?:of|at|from|von|vom|bei|aus|d[eu']|de|chez|da|do)\s))/iu;

const isLike = ({ folded }: Concept, said: string): boolean => wordLikeness(folded, said) >= likeEnough;
