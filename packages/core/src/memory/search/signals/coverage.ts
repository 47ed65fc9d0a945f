import type { Candidate } from "../candidates.ts";
import { nearnessOf, type Said } from "../nearness.ts";
import type { Term } from "../terms.ts";
import { type Signal, sum } from "./signal.ts";

/** What a word counts by how far away it stands, in memories of the same session. */
const distance = [1, 0.8, 0.6, 0.45, 0.33, 0.25];
const [k1, b] = [1.2, 0.75];
/** A word said once in a text of usual length is nearly all it can be. */
const saturation = 1.5;
/** What a related word covers of the one that was asked for. */
const kinShare = 0.7;

/** How much of the question the memory and its surroundings cover, each word counted once, where it stands closest. */
export const coverage: Signal = {
  scale: "absolute",
  of: (...asked) => covered(...asked).map(({ exact }) => exact),
  say: () => "its surroundings cover the question",
};

/** The same where a related word stands for the one that was asked for: a puppy for a dog. */
export const softCoverage: Signal = {
  scale: "absolute",
  of: (...asked) => covered(...asked).map(({ soft }) => soft),
  say: () => "its surroundings cover the question",
};

/** How much of the question the whole conversation covers, as far as it was read. */
export const sessionCoverage: Signal = {
  scale: "absolute",
  of: (...asked) => covered(...asked).map(({ session }) => session),
  say: () => "its conversation covers the question",
};

type Covered = { exact: number; soft: number; session: number };

const read = new WeakMap<readonly Candidate[], Covered[]>();

/** The three of all candidates: they look at the same texts. */
function covered(...asked: Parameters<Signal["of"]>): Covered[] {
  const [, candidates] = asked;
  const known = read.get(candidates) ?? coveredBy(...asked);
  read.set(candidates, known);
  return known;
}

function coveredBy(...[{ concepts }, candidates, vectors]: Parameters<Signal["of"]>): Covered[] {
  const weights = concepts.map(({ weight }) => weight);
  const total = sum(weights) || 1;
  const share = (parts: Float32Array) =>
    weights.reduce((all, weight, i) => all + weight * (parts[i] as number), 0) / total;
  const usual = sum(candidates.map(({ text }) => text.length)) / (candidates.length || 1) || 1;
  const near = nearnessOf(concepts, vectors);
  const known = new Map<readonly Term[], Strengths | null>();
  const strengths = (text: readonly Term[]): Strengths | null => {
    const made = known.get(text);
    if (made !== undefined) return made;
    const said = near.said(text);
    const strengths = said && strengthsOf(said, text.length, usual);
    known.set(text, strengths);
    return strengths;
  };
  const sessions = new Map<string, Float32Array>();
  const own = candidates.map((candidate) => {
    const [exact, soft] = [new Float32Array(concepts.length), new Float32Array(concepts.length)];
    const inSession = sessions.get(candidate.session ?? "") ?? new Float32Array(concepts.length);
    if (candidate.session !== null) sessions.set(candidate.session, inSession);
    const read = (text: readonly Term[], weight: number) => {
      const words = strengths(text);
      if (!words) return;
      raise(exact, words.exact, weight);
      raise(soft, words.soft, weight);
      raise(inSession, words.closest, 1);
    };
    read(candidate.text, distance[0] as number);
    for (const turns of [candidate.before, candidate.after])
      for (const [i, { text }] of turns.entries()) read(text, distance[i + 1] ?? 0);
    return { exact: share(exact), soft: share(soft) };
  });
  const bySession = new Map([...sessions].map(([session, best]) => [session, share(best)]));
  return candidates.map(({ session }, i) => ({
    ...(own[i] as { exact: number; soft: number }),
    session: session === null ? 0 : (bySession.get(session) ?? 0),
  }));
}

function raise(best: Float32Array, parts: Float32Array, weight: number): void {
  for (let i = 0; i < best.length; i++) {
    const part = weight * (parts[i] as number);
    if (part > (best[i] as number)) best[i] = part;
  }
}

/** By concept: BM25's share made to saturate at 1; that or what the closest related word covers; the closest word alone. */
type Strengths = { exact: Float32Array; soft: Float32Array; closest: Float32Array };

function strengthsOf({ times, kin }: Said, length: number, usual: number): Strengths {
  const long = k1 * (1 - b + (b * length) / usual);
  const closest = kin.map((each) => (each === 1 ? 1 : kinShare * each));
  const exact = times.map((count) => (count === 0 ? 0 : Math.min(1, (saturation * count) / (count + long))));
  return {
    exact,
    soft: exact.map((each, i) => Math.max(each, closest[i] === 1 ? 0 : (closest[i] as number))),
    closest,
  };
}
