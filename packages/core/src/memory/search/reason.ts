import type { Candidate } from "./candidates.ts";
import type { Question } from "./question.ts";
import { wordsOf } from "./search-text.ts";
import { isCalled } from "./signals.ts";
import { type SignalName, type Signals, signalNames, weights } from "./weights.ts";

/** One plain sentence on why a memory was found: its three strongest signals, strongest first. */
export function reasonFor(question: Question, candidate: Candidate, signals: Signals): string {
  const phrases = signalNames
    .filter((name) => signals[name] >= 0.1)
    .sort((a, b) => weights[b] * signals[b] - weights[a] * signals[a])
    .map((name) => say[name](question, candidate));
  const [first, ...more] = [...new Set(phrases)].slice(0, 3);
  if (first === undefined) return "It shares a little with the question.";
  const last = more.pop();
  return `${[capital(first), ...more].join(", ")}${last === undefined ? "" : ` and ${last}`}.`;
}

const say: Record<SignalName, (question: Question, candidate: Candidate) => string> = {
  words: ({ terms }, { content }) => `it has ${quoted(terms, content)}`,
  pairs: () => "words stand together as in the question",
  letters: () => "its spelling is close to the question's",
  window: () => "the memories around it match",
  previous: (_, { before }) => (before[0]?.asks ? "it answers a question that matches" : "the one before it matches"),
  next: () => "the one after it matches",
  session: () => "its conversation matches",
  speaker: ({ names }, { speaker }) =>
    speaker !== null && isCalled(speaker, names) ? `${speaker} said it` : `it speaks of ${list(names)}`,
  dates: () => "it is from the time asked about",
  when: () => "it says when",
  meaning: () => "its meaning is close",
};

/** The question's words that the text has, also in another form: equal but for the last two letters. */
function quoted(terms: readonly string[], content: string): string {
  const spoken = wordsOf(content.slice(0, 4_000)).map((word) => word.toLowerCase());
  const shared = terms.filter((term) => {
    const stem = term.slice(0, Math.max(3, term.length - 2));
    return spoken.some((word) => word === term || (word.startsWith(stem) && Math.abs(word.length - term.length) <= 4));
  });
  return shared.length === 0 ? "words of the question" : list(shared.slice(0, 5));
}

const list = (words: readonly string[]) => words.map((word) => `“${word}”`).join(", ");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
