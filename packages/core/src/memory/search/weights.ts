import type { Question } from "./question.ts";
import type { SignalName, Signals } from "./signals.ts";

/**
 * What each signal counts, by `npm run fit`. The first column is for questions that name somebody who speaks in the
 * store, that is for conversations between people; the second for all others: what the owner wrote, got and was told. The
 * third and the fourth are the same where an embedder made a vector of the question.
 */
const weights = {
  words: [1.01, 1.05, 0.86, 0.98],
  pairs: [0.35, 0.48, 0.34, 0.43],
  letters: [0.57, 0.81, 0.27, 0.71],
  title: [0, 0.34, 0, 0.33],
  defines: [0, 0.62, 0, 0.63],
  speaker: [2.87, 2.84, 2.7, 2.83],
  own: [2.53, 2.17, 2.53, 2.15],
  firstPerson: [0.4, 0.38, 0.29, 0.36],
  dates: [3.42, 3.38, 3.33, 3.41],
  toldNear: [1.32, 0.97, 1.57, 0.99],
  when: [1.92, 1.2, 1.96, 1.25],
  latest: [0.06, 0.62, 0.15, 0.52],
  earliest: [0.02, 0.51, 0, 0.43],
  duration: [1.61, 2.03, 1.83, 2.02],
  number: [1.08, 1.57, 1.05, 1.57],
  place: [1.5, 1.23, 1.72, 1.19],
  person: [1.14, 1.23, 1.16, 1.22],
  coverage: [3.2, 2.17, 3.42, 2.11],
  softCoverage: [0.61, 0.46, 0.53, 0.49],
  sessionCoverage: [1.22, 0.14, 1.24, 0.03],
  kindred: [0.64, 1.05, 0.51, 1.23],
  window: [1.08, 0.46, 0.98, 0.43],
  previous: [1.4, 1.19, 0.97, 1.11],
  next: [0, 0.16, 0, 0.13],
  session: [0.93, 1.17, 0.23, 1.2],
  topic: [0.73, 1.26, 0, 1.04],
  related: [1.28, 0.86, 0.76, 0.87],
  meaning: [1.2, 1.2, 1.7, 1.23],
  previousMeaning: [0, 0, 0.73, 0.18],
  nextMeaning: [0, 0, 0.23, 0.06],
  sessionMeaning: [0, 0, 1.15, 0],
  order: [0.95, 0.84, 1.09, 0.88],
  informative: [0.63, 0.58, 0.95, 0.6],
  short: [0.42, 1.24, 0.4, 1.24],
  stated: [0.88, 0.37, 1.12, 0.37],
} as const satisfies Record<SignalName, readonly [number, number, number, number]>;

/** What a signal adds to a memory's score. */
export const shareOf = (name: SignalName, signals: Signals, question: Question): number =>
  weights[name][columnOf(question)] * signals[name];

function columnOf({ names, isEmbedded }: Question): 0 | 1 | 2 | 3 {
  if (names.length > 0) return isEmbedded ? 2 : 0;
  return isEmbedded ? 3 : 1;
}
