import type { Candidate } from "../candidates.ts";
import { type Nearness, nearnessOf } from "../nearness.ts";
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
  const said = new Map<readonly Term[], Said | undefined>();
  const saidIn = (text: readonly Term[]): Said | undefined => {
    if (!said.has(text)) said.set(text, strengths(near, text, concepts.length, usual));
    return said.get(text);
  };
  const sessions = new Map<string, Float32Array>();
  const own = candidates.map((candidate) => {
    const [exact, soft] = [new Float32Array(concepts.length), new Float32Array(concepts.length)];
    const inSession = sessions.get(candidate.session ?? "") ?? new Float32Array(concepts.length);
    if (candidate.session !== null) sessions.set(candidate.session, inSession);
    for (const { text, weight } of surroundings(candidate)) {
      const words = saidIn(text);
      if (!words) continue;
      raise(exact, words.exact, weight);
      raise(soft, words.soft, weight);
      raise(inSession, words.closest, 1);
    }
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

function surroundings({ text, before, after }: Candidate): { text: readonly Term[]; weight: number }[] {
  const beside = [before, after].flatMap((turns) =>
    turns.flatMap((turn, i) => {
      const weight = distance[i + 1];
      return weight === undefined ? [] : [{ text: turn.text, weight }];
    }),
  );
  return [{ text, weight: distance[0] as number }, ...beside];
}

/** By concept: BM25's share made to saturate at 1; that or what the closest related word covers; the closest word alone. */
type Said = { exact: Float32Array; soft: Float32Array; closest: Float32Array };

/** Undefined for a text that has nothing to do with any concept. */
function strengths(near: Nearness, text: readonly Term[], concepts: number, usual: number): Said | undefined {
  let said: Said | undefined;
  for (const term of text) {
    const kin = near.kin(term);
    if (!kin) continue;
    const empty = () => new Float32Array(concepts);
    said ??= { exact: empty(), soft: empty(), closest: empty() };
    for (let i = 0; i < concepts; i++) {
      if (kin[i] === 1) said.exact[i] = (said.exact[i] as number) + 1;
      const counts = kin[i] === 1 ? 1 : kinShare * (kin[i] as number);
      if (counts > (said.closest[i] as number)) said.closest[i] = counts;
    }
  }
  if (!said) return undefined;
  const long = k1 * (1 - b + (b * text.length) / usual);
  for (let i = 0; i < concepts; i++) {
    const count = said.exact[i] as number;
    said.exact[i] = count === 0 ? 0 : Math.min(1, (saturation * count) / (count + long));
    said.soft[i] = Math.max(said.exact[i] as number, said.closest[i] === 1 ? 0 : (said.closest[i] as number));
  }
  return said;
}
