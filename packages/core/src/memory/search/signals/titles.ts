import type { Candidate } from "../candidates.ts";
import type { Concept } from "../question.ts";
import { wordsOf } from "../search-text.ts";
import { stemOf } from "../terms.ts";
import { each, type Signal, sum } from "./signal.ts";

const titleMax = 100;

/** The title is what was asked for: its words are the question's, and few besides. A mention is less. */
export const title: Signal = {
  scale: "absolute",
  of: each(({ content }, { concepts }) => {
    const line = titleOf(content);
    if (line === undefined) return 0;
    const stems = new Set(wordsOf(line).map(stemOf));
    const had = concepts.filter((concept) => has(stems, concept));
    const total = sum(concepts.map(({ weight }) => weight));
    if (total === 0 || stems.size === 0) return 0;
    return (sum(had.map(({ weight }) => weight)) / total) * Math.min(1, had.length / stems.size);
  }),
  say: () => "its title is close to the question",
};

/** A first line of its own, with a text below it. */
function titleOf(content: string): string | undefined {
  const end = content.indexOf("\n");
  return end > 0 && end <= titleMax ? content.slice(0, end) : undefined;
}

const has = (stems: ReadonlySet<string>, concept: Concept): boolean =>
  [...concept.stems].some((stem) => stems.has(stem));

/** It says what the thing asked about is, and does not only mention it: "Heron: our cache", "Heron is our cache". */
export const defines: Signal = {
  scale: "absolute",
  of: (question, candidates) => {
    const patterns = question.asks.has("definition") ? question.concepts.map(({ word }) => definitionOf(word)) : [];
    const isDefined = ({ content }: Candidate) => patterns.some((pattern) => pattern.test(content.slice(0, textMax)));
    return candidates.map((candidate) => (isDefined(candidate) ? 1 : 0));
  },
  say: () => "it says what that is",
};

const textMax = 2_000;
const articles = "(?:(?:the|an?|der|die|das|eine?|le|la|les|une?|el|los|las|un[oa]?|o|os|as|um|uma) )?";
const being = "is|are|was|means|stands for|ist|sind|heißt|bedeutet|est|sont|signifie|es|son|significa|é|são";

// A word holds letters, digits and marks only, so nothing in it is of a pattern. What may stand before it is bounded: a
// memory of thousands of empty lines would be read from each of them to the last.
const definitionOf = (word: string): RegExp =>
  new RegExp(
    `(?:^|[.!?\\n•-]\\s{0,4})${articles}[*_"“\`#\\s]{0,8}${word}[*_"”\`]*\\s*(?:[:=—–]|\\(|- |\\n|,? (?:${being}) )`,
    "iu",
  );
