import type { Candidate } from "./candidates.ts";
import { likeness } from "./letters.ts";
import type { Question, Span } from "./question.ts";
import { wordsOf } from "./search-text.ts";
import type { Signals } from "./weights.ts";

/** The second stage: every signal of every candidate, each divided by its maximum, so that all lie in [0, 1]. */
export function signalsOf(question: Question, candidates: readonly Candidate[]): Signals[] {
  const sessions = sessionScores(candidates);
  const letters = likeness(
    question.subject,
    candidates.map(({ content }) => content),
  );
  const raw = candidates.map((candidate, i) => ({
    words: candidate.words,
    window: candidate.words + sum([...candidate.before, ...candidate.after].map(({ words }) => words)),
    previous: previousTurn(candidate),
    next: candidate.after[0]?.words ?? 0,
    session: candidate.session === null ? candidate.words : (sessions.get(candidate.session) ?? 0),
    letters: letters[i] ?? 0,
    speaker: namedPart(question, candidate),
    dates: datePart(question.spans, candidate),
    when: question.asksWhen && candidate.eventSpans.length > 0 ? 1 : 0,
    pairs: candidate.pairs,
    meaning: Math.max(0, candidate.meaning),
  }));
  return normalised(raw);
}

/** An answer follows its question: a previous turn that asks counts whole, another one half. */
function previousTurn({ before: [turn] }: Candidate): number {
  if (turn === undefined) return 0;
  return turn.asks ? turn.words : turn.words / 2;
}

/** A session is as good as its three best memories, so that a long one does not win by its length. */
function sessionScores(candidates: readonly Candidate[]): Map<string, number> {
  const bySession = Map.groupBy(candidates, ({ session }) => session);
  return new Map(
    [...bySession].flatMap(([session, members]) => {
      const best = members.map(({ words }) => words).sort((a, b) => b - a);
      return session === null ? [] : [[session, sum(best.slice(0, 3))] as const];
    }),
  );
}

/** Whole when a person named in the question speaks, a part when the text speaks of them. */
function namedPart({ names }: Question, { speaker, content }: Candidate): number {
  if (names.length === 0) return 0;
  if (speaker !== null && isCalled(speaker, names)) return 1;
  const spoken = new Set(wordsOf(content.slice(0, 2_000)).map((word) => word.toLowerCase()));
  return names.some((name) => spoken.has(name)) ? mentionPart : 0;
}
const mentionPart = 0.3;

/** Whether a speaker goes by one of these names, whole or by its first word. */
export function isCalled(speaker: string, names: readonly string[]): boolean {
  const name = speaker.toLowerCase();
  return names.includes(name) || names.includes(name.split(" ", 1)[0] ?? name);
}

/** Whole for an event in the time asked about, half for one much longer than that or for what was only told then. */
function datePart(asked: readonly Span[], { atMs, eventSpans }: Candidate): number {
  const parts = asked.map((span) => {
    const events = eventSpans.filter(({ from, to }) => from < span.to && to > span.from);
    if (events.some(({ from, to }) => to - from <= 4 * (span.to - span.from))) return 1;
    return events.length > 0 || (atMs >= span.from && atMs < span.to) ? 0.5 : 0;
  });
  return Math.max(0, ...parts);
}

function normalised(raw: readonly Signals[]): Signals[] {
  const names = Object.keys(raw[0] ?? {}) as (keyof Signals)[];
  const maxima = new Map(names.map((name) => [name, raw.reduce((max, signals) => Math.max(max, signals[name]), 0)]));
  return raw.map((signals) => {
    const scaled = { ...signals };
    for (const name of names) scaled[name] = signals[name] / (maxima.get(name) || 1);
    return scaled;
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
