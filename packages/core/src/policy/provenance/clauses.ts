import { wordsIn } from "./kinds.ts";
import { quotationsIn } from "./quotations.ts";
import { outside, type Span } from "./spans.ts";
import { isTelling } from "./telling.ts";
import { isVerb, RequestWords } from "./verbs.ts";

const opening = new Set(
  "please then also now first finally next last just kindly could can would will you i we want need like to and so hi hello hey".split(
    " ",
  ),
);
const backwards = /(?<!\p{L})(?:it|them|these|those|both|ones?|all|everything)(?!\p{L})/u;

/**
 * What an owner says but for those clauses that ask for something else: "summarise 'a.md' and delete 'b.md'" speaks of 'b.md'
 * where something is to be deleted. A clause that points back ("delete it"), or names nothing, speaks of all.
 */
export function withoutOtherRequests(text: string, verbs: readonly string[]): string {
  const clauses = clausesOf(text);
  const asking = clauses.filter((clause) => new RequestWords(clause, "person").askFor(verbs));
  if (asking.length === 0 || asking.some((clause) => pointsBack(clause))) return text;
  const kept = clauses.filter((clause) => asking.includes(clause) || !isRequest(clause));
  return kept.length === clauses.length ? text : kept.join(". ");
}

function pointsBack(clause: string): boolean {
  if (backwards.test(clause.toLowerCase())) return true;
  const isNamed = quotationsIn(clause).length > 0 || /[\p{L}\p{N}][._/@-][\p{L}\p{N}]/u.test(clause);
  // "The oldest" is one of those that were named before.
  return !isNamed && !wordsIn(clause).some((word) => isTelling(word) && !isVerb(word) && !/\p{L}{2}est$/u.test(word));
}

/** It begins with a verb. */
function isRequest(clause: string): boolean {
  const first = wordsIn(clause).find((word) => !opening.has(word));
  return first !== undefined && isVerb(first);
}

/** Sentences, and what a verb after "and" begins; what is quoted or joined is not parted. */
export function clausesOf(text: string): string[] {
  const quotations = quotationsIn(text);
  const plain = outside(text, quotations)
    .flatMap((piece, n) => [piece, "x".repeat(lengthOf(quotations[n]))])
    .join("");
  const ends = [...plain.matchAll(/[.;!?]\s+|\n|(?<!\s),?\s+(?:and|then)\s+(?:then\s+)?(?=(\p{L}+))/gu)].filter(
    ([, verb]) => verb === undefined || isVerb(verb.toLowerCase()) || opening.has(verb.toLowerCase()),
  );
  const starts = [0, ...ends.map(({ 0: end, index }) => index + end.length)];
  return starts.map((start, n) => text.slice(start, starts[n + 1] ?? text.length));
}

const lengthOf = (span: Span | undefined): number => (span ? span.end - span.start : 0);
