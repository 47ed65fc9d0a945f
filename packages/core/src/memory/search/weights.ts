import type { Question } from "./question.ts";
import type { SignalName, Signals } from "./signals.ts";

/**
 * What each signal counts, by `npm run fit`. The first column is for questions that name somebody who speaks in the
 * store, that is for conversations between people; the second for all others: what the owner wrote, got and was told. The
 * third and the fourth are the same where an embedder made a vector of the question.
 */
const weights = {
  words: [1.01, 1.06, 0.86, 1.01],
  pairs: [0.35, 0.4, 0.34, 0.33],
  letters: [0.57, 0.7, 0.27, 0.67],
  title: [0, 0.27, 0, 0.28],
  defines: [0, 0.6, 0, 0.6],
  speaker: [2.87, 2.87, 2.7, 2.86],
  own: [2.53, 2.18, 2.53, 2.16],
  firstPerson: [0.4, 0.35, 0.29, 0.33],
  dates: [3.42, 3.45, 3.33, 3.48],
  toldNear: [1.32, 1.04, 1.57, 1.07],
  when: [1.92, 1.18, 1.96, 1.23],
  latest: [0.06, 0.56, 0.15, 0.48],
  earliest: [0.02, 0.47, 0, 0.42],
  duration: [1.61, 2.09, 1.83, 2.09],
  number: [1.08, 1.55, 1.05, 1.56],
  place: [1.5, 1.23, 1.72, 1.19],
  person: [1.14, 1.27, 1.16, 1.28],
  coverage: [3.2, 2.13, 3.42, 2.08],
  softCoverage: [0.61, 0.38, 0.53, 0.42],
  sessionCoverage: [1.22, 0.16, 1.24, 0.06],
  kindred: [0.64, 0.97, 0.51, 1.16],
  window: [1.08, 0.39, 0.98, 0.4],
  previous: [1.4, 1.19, 0.97, 1.11],
  next: [0, 0.22, 0, 0.16],
  session: [0.93, 1.13, 0.23, 1.2],
  topic: [0.73, 1.37, 0, 1.17],
  related: [1.28, 0.82, 0.76, 0.87],
  meaning: [1.2, 1.2, 1.7, 1.2],
  previousMeaning: [0, 0, 0.73, 0.17],
  nextMeaning: [0, 0, 0.23, 0.06],
  sessionMeaning: [0, 0, 1.15, 0],
  order: [0.95, 0.83, 1.09, 0.86],
  informative: [0.63, 0.48, 0.95, 0.54],
  short: [0.42, 1.25, 0.4, 1.24],
  stated: [0.88, 0.31, 1.12, 0.31],
} as const satisfies Record<SignalName, readonly [number, number, number, number]>;

/** What a signal adds to a memory's score. */
export const shareOf = (name: SignalName, signals: Signals, question: Question): number =>
  weights[name][columnOf(question)] * signals[name];

function columnOf({ names, isEmbedded }: Question): 0 | 1 | 2 | 3 {
  if (names.length > 0) return isEmbedded ? 2 : 0;
  return isEmbedded ? 3 : 1;
}
