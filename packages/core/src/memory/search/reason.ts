import type { Candidate } from "./candidates.ts";
import type { Question } from "./question.ts";
import type { Signal } from "./signals/signal.ts";
import { type SignalName, type Signals, signalNames, signals } from "./signals.ts";
import { shareOf } from "./weights.ts";

/** One plain sentence on why a memory was found: its words, which a reader looks for, and its strongest signals. */
export function reasonFor(question: Question, candidate: Candidate, values: Signals): string {
  const share = (name: SignalName) => shareOf(name, values, question);
  const strongest = signalNames
    .filter((name) => values[name] >= 0.1 && (signals[name] as Signal).say)
    .sort((a, b) => Number(b === "words") - Number(a === "words") || share(b) - share(a))
    .slice(0, 3);
  const phrases = signalNames
    .filter((name) => strongest.includes(name))
    .flatMap((name) => (signals[name] as Signal).say?.(question, candidate) ?? []);
  const [first, ...more] = [...new Set(phrases)];
  if (first === undefined) return "It shares a little with the question.";
  const last = more.pop();
  return `${[capital(first), ...more].join(", ")}${last === undefined ? "" : ` and ${last}`}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
