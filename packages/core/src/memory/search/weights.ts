import type { Question } from "./question.ts";
import type { SignalName, Signals } from "./signals.ts";

/**
 * What each signal counts, by `npm run fit`. The first column is for questions that name somebody who speaks in the
 * store, that is for conversations between people; the second for all others: what the owner wrote, got and was told.
 */
const weights = {
  words: [1, 0.83],
  pairs: [0.21, 0.17],
  letters: [0.65, 1.24],
  title: [0, 0.35],
  defines: [0, 0.89],
  speaker: [2.8, 2.58],
  own: [2.53, 1.91],
  firstPerson: [0.26, 0.14],
  dates: [3.07, 3.2],
  toldNear: [1.62, 0.8],
  when: [1.95, 1.15],
  latest: [0.16, 0.69],
  earliest: [0.02, 0.51],
  duration: [1.79, 1.94],
  number: [1.07, 1.64],
  place: [1.85, 1.2],
  person: [1.07, 0.98],
  coverage: [3.39, 2.58],
  softCoverage: [0.77, 0.49],
  sessionCoverage: [1.81, 0.33],
  kindred: [0.52, 0.57],
  window: [1.15, 0.59],
  previous: [1.38, 1.25],
  next: [0, 0.08],
  session: [0.75, 0.87],
  topic: [0.42, 0.83],
  related: [1.16, 0.98],
  meaning: [1.2, 1.2],
  order: [0.95, 1.01],
  informative: [0.87, 0.98],
  short: [0.46, 0.94],
  stated: [1.25, 0.89],
} as const satisfies Record<SignalName, readonly [people: number, notes: number]>;

/** What a signal adds to a memory's score. */
export const shareOf = (name: SignalName, signals: Signals, { names }: Question): number =>
  weights[name][names.length > 0 ? 0 : 1] * signals[name];
