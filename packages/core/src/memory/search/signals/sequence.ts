import type { Candidate } from "../candidates.ts";
import type { Concept, Question } from "../question.ts";
import { type Signal, sum } from "./signal.ts";

/** The last time asked for is the newest of those that speak of it. */
export const latest: Signal = {
  scale: "absolute",
  of: (question, candidates) => inSequence("latest", question, candidates),
  say: () => "it is the latest on this",
};

/** And the first time the oldest. */
export const earliest: Signal = {
  scale: "absolute",
  of: (question, candidates) => inSequence("earliest", question, candidates),
  say: () => "it is the earliest on this",
};

/** From which share of the best match's own words on a memory speaks of the thing. */
const speaksFrom = 0.6;

function inSequence(end: "latest" | "earliest", question: Question, candidates: readonly Candidate[]): number[] {
  const none = candidates.map(() => 0);
  if (!question.asks.has(end)) return none;
  const shares = candidates.map((candidate) => ownShare(candidate, question.concepts));
  const best = Math.max(0, ...shares);
  if (best === 0) return none;
  const order = candidates
    .map((candidate, i) => ({ i, time: timeOf(candidate, question.atMs), share: shares[i] as number }))
    .filter(({ share }) => share >= speaksFrom * best)
    .sort((a, b) => (end === "latest" ? b.time - a.time : a.time - b.time));
  for (const [place, { i, share }] of order.entries()) none[i] = share / best / (1 + place);
  return none;
}

function ownShare({ text }: Candidate, concepts: readonly Concept[]): number {
  const stems = new Set(text.map(({ stem }) => stem));
  return sum(concepts.map((concept) => ([...concept.stems].some((stem) => stems.has(stem)) ? concept.weight : 0)));
}

/** When what it tells of happened, the last time as far as that is past; else when it was told. */
function timeOf({ atMs, eventSpans }: Candidate, now: number): number {
  const past = eventSpans.map(({ from }) => from).filter((from) => from <= now);
  return past.length > 0 ? Math.max(...past) : atMs;
}
