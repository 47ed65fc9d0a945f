import type { Question } from "./question.ts";
import type { SignalName, Signals } from "./signals.ts";

/**
 * What each signal counts, by `npm run fit`. The first column is for questions that name somebody who speaks in the
 * store, that is for conversations between people; the second for all others: what the owner wrote, got and was told. The
 * third and the fourth are the same where an embedder made a vector of the question.
 */
const weights = {
  words: [0.99, 1.05, 0.86, 0.98],
  pairs: [0.28, 0.48, 0.34, 0.43],
  letters: [0.61, 0.81, 0.27, 0.71],
  title: [0, 0.34, 0, 0.33],
  defines: [0, 0.62, 0, 0.63],
  speaker: [2.82, 2.84, 2.7, 2.83],
  own: [2.53, 2.17, 2.53, 2.15],
  firstPerson: [0.28, 0.38, 0.29, 0.36],
  dates: [3.3, 3.38, 3.33, 3.41],
  toldNear: [1.6, 0.97, 1.57, 0.99],
  when: [1.98, 1.2, 1.96, 1.25],
  latest: [0.14, 0.62, 0.15, 0.52],
  earliest: [0.02, 0.51, 0, 0.43],
  duration: [1.8, 2.03, 1.83, 2.02],
  number: [1.16, 1.57, 1.05, 1.57],
  place: [1.89, 1.23, 1.72, 1.19],
  person: [1.08, 1.23, 1.16, 1.22],
  coverage: [3.31, 2.17, 3.42, 2.11],
  softCoverage: [0.89, 0.46, 0.53, 0.49],
  sessionCoverage: [1.81, 0.14, 1.24, 0.03],
  kindred: [0.69, 1.05, 0.51, 1.23],
  window: [1.17, 0.46, 0.98, 0.43],
  previous: [1.39, 1.19, 0.97, 1.11],
  next: [0, 0.16, 0, 0.13],
  session: [0.53, 1.17, 0.23, 1.2],
  topic: [0.46, 1.26, 0, 1.04],
  related: [1.22, 0.86, 0.76, 0.87],
  meaning: [1.2, 1.2, 1.7, 1.23],
  previousMeaning: [0, 0, 0.73, 0.18],
  nextMeaning: [0, 0, 0.23, 0.06],
  sessionMeaning: [0, 0, 1.15, 0],
  order: [0.98, 0.84, 1.09, 0.88],
  informative: [0.65, 0.58, 0.95, 0.6],
  short: [0.42, 1.24, 0.4, 1.24],
  stated: [1.28, 0.37, 1.12, 0.37],
} as const satisfies Record<SignalName, readonly [number, number, number, number]>;

/** What a signal adds to a memory's score. */
export const shareOf = (name: SignalName, signals: Signals, question: Question): number =>
  weights[name][columnOf(question)] * signals[name];

function columnOf({ names, isEmbedded }: Question): 0 | 1 | 2 | 3 {
  if (names.length > 0) return isEmbedded ? 2 : 0;
  return isEmbedded ? 3 : 1;
}
