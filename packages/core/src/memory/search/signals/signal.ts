import type { Candidate } from "../candidates.ts";
import type { Question } from "../question.ts";
import type { WordVectors } from "../word-vectors.ts";

/** One way to judge candidates. Larger is better; none is below 0. */
export interface Signal {
  /** Whether its values are divided by their maximum over the candidates, or lie in [0, 1] by themselves. */
  scale: "relative" | "absolute";
  of(question: Question, candidates: readonly Candidate[], vectors: WordVectors | undefined): number[];
  /** A part of a sentence on why a memory was found; none where it tells a reader nothing. */
  say?(question: Question, candidate: Candidate): string;
}

/** A signal that looks at one candidate at a time. */
export const each =
  (of: (candidate: Candidate, question: Question) => number): Signal["of"] =>
  (question, candidates) =>
    candidates.map((candidate) => of(candidate, question));

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
