import type { Candidate } from "../candidates.ts";
import { each, type Signal, sum } from "./signal.ts";

const near = 2;

/** The answer to a matching question seldom repeats its words: a memory counts with those around it. */
export const window: Signal = {
  scale: "relative",
  of: each(({ words, before, after }) =>
    sum([words, ...[...before.slice(0, near), ...after.slice(0, near)].map((turn) => turn.words)]),
  ),
  say: () => "the memories around it match",
};

/** An answer follows its question. */
export const previous: Signal = {
  scale: "relative",
  of: each(({ before: [turn] }) => (turn?.asks ? turn.words : 0)),
  say: () => "it answers a question that matches",
};

export const next: Signal = {
  scale: "relative",
  of: each(({ after: [turn] }) => turn?.words ?? 0),
  say: () => "the one after it matches",
};

/** A session is as good as its three best memories, so that a long one does not win by its length. */
export const session: Signal = {
  scale: "relative",
  of(_, candidates) {
    const scores = sessionScores(candidates);
    return candidates.map(({ session, words }) => (session === null ? words : (scores.get(session) ?? 0)));
  },
  say: () => "its conversation matches",
};

function sessionScores(candidates: readonly Candidate[]): Map<string | null, number> {
  const bySession = Map.groupBy(candidates, ({ session }) => session);
  const best = (members: readonly Candidate[]) =>
    members
      .map(({ words }) => words)
      .sort((a, b) => b - a)
      .slice(0, 3);
  return new Map([...bySession].map(([session, members]) => [session, sum(best(members))]));
}
