import type { Candidate } from "./candidates.ts";
import type { Question } from "./question.ts";
import * as answers from "./signals/answers.ts";
import { coverage, sessionCoverage, softCoverage } from "./signals/coverage.ts";
import { kindred } from "./signals/kindred.ts";
import { meaning, nextMeaning, previousMeaning, sessionMeaning } from "./signals/meaning.ts";
import * as neighbours from "./signals/neighbours.ts";
import { firstPerson, own, speaker } from "./signals/people.ts";
import { earliest, latest } from "./signals/sequence.ts";
import type { Signal } from "./signals/signal.ts";
import * as telling from "./signals/telling.ts";
import * as times from "./signals/times.ts";
import { defines, title } from "./signals/titles.ts";
import { related, topic } from "./signals/vectors.ts";
import { letters, pairs, words } from "./signals/words.ts";
import type { WordVectors } from "./word-vectors.ts";

/** What a candidate is judged by. The names stand in answers, and may not change; sentences on why have this order. */
export const signals = {
  words,
  pairs,
  letters,
  title,
  defines,
  speaker,
  own,
  firstPerson,
  dates: times.dates,
  toldNear: times.toldNear,
  when: times.when,
  latest,
  earliest,
  duration: answers.duration,
  number: answers.number,
  place: answers.place,
  person: answers.person,
  coverage,
  softCoverage,
  sessionCoverage,
  kindred,
  window: neighbours.window,
  previous: neighbours.previous,
  next: neighbours.next,
  session: neighbours.session,
  topic,
  related,
  meaning,
  previousMeaning,
  nextMeaning,
  sessionMeaning,
  order: telling.order,
  informative: telling.informative,
  short: telling.short,
  stated: telling.stated,
} as const satisfies Record<string, Signal>;

export type SignalName = keyof typeof signals;
export type Signals = Record<SignalName, number>;
export const signalNames = Object.keys(signals) as SignalName[];

/** The second stage: every signal of every candidate, in [0, 1]. */
export function signalsOf(question: Question, candidates: readonly Candidate[], vectors?: WordVectors): Signals[] {
  const columns = signalNames.map((name) => {
    const signal: Signal = signals[name];
    const values = signal.of(question, candidates, vectors);
    const most = signal.scale === "absolute" ? 1 : values.reduce((max, value) => Math.max(max, value), 0) || 1;
    return [name, values.map((value) => value / most)] as const;
  });
  return candidates.map((_, i) => {
    const signals = {} as Signals;
    for (const [name, values] of columns) signals[name] = values[i] as number;
    return signals;
  });
}
