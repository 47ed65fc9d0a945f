import type { Candidate } from "../candidates.ts";
import { each, type Signal } from "./signal.ts";

/** Cosine of the vectors that an embedder made; 0 without one, as for those below. */
export const meaning: Signal = {
  scale: "relative",
  of: each(near),
  say: () => "its meaning is close",
};

/** An answer follows its question: that of the memory before, where it asks. */
export const previousMeaning: Signal = {
  scale: "relative",
  of: (_, candidates) => beside(candidates, ({ before: [turn] }) => (turn?.asks ? turn.row : undefined)),
  say: () => "it answers a question of close meaning",
};

export const nextMeaning: Signal = {
  scale: "relative",
  of: (_, candidates) => beside(candidates, ({ after: [turn] }) => turn?.row),
  say: () => "the one after it has a close meaning",
};

/** That of the closest memory of its session. */
export const sessionMeaning: Signal = {
  scale: "relative",
  of: (_, candidates) => {
    const closest = new Map<string | null, number>();
    for (const candidate of candidates)
      closest.set(candidate.session, Math.max(closest.get(candidate.session) ?? 0, near(candidate)));
    return candidates.map((candidate) =>
      candidate.session === null ? near(candidate) : (closest.get(candidate.session) ?? 0),
    );
  },
  say: () => "its conversation has a close meaning",
};

function near({ meaning }: Candidate): number {
  return Math.max(0, meaning);
}

/** What is known of the memory beside each, where that is a candidate, too. */
function beside(candidates: readonly Candidate[], rowOf: (candidate: Candidate) => number | undefined): number[] {
  const known = new Map(candidates.map((candidate) => [candidate.row, near(candidate)]));
  return candidates.map((candidate) => known.get(rowOf(candidate) ?? -1) ?? 0);
}
