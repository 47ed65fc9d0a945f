// Fitted on questions with known answers: `npm run fit:answers -- --write` makes this file's numbers anew.
import type { Features } from "./evidence.ts";
import type { SureName } from "./sureness.ts";

/** What each feature of a memory counts as the answer. */
export const answerWeights: Readonly<Features> = {
  found: 3.25,
  foundFirst: 0.42,
  cover: 1.03,
  coverPassage: 3,
  rarest: 0,
  named: 1.29,
  value: 1.83,
  valueHere: 2.12,
  states: 0.5,
  inTime: 1.04,
  onlyTime: 2.09,
  latest: 1.38,
  earliest: 0.81,
  lastOf: 3.09,
  firstOf: 1.52,
  newest: 0.68,
  current: 1.59,
  onDays: 0.82,
  timely: 0.76,
  together: 1.02,
  extreme: 1.9,
  ahead: 1.16,
  contact: 1.32,
  event: 0.01,
  defines: 2.87,
  prefers: 1.89,
  lives: 1.28,
  toDo: 1.19,
  topic: 0.11,
  surroundings: 0.14,
  own: 0.96,
  brief: 1.07,
  noted: 0.64,
  related: 0.2,
  ofAssistant: 0.96,
  described: 1.72,
  said: 0.59,
};

/** What each sign counts for the first of them being an answer at all, in logits. */
export const sureWeights: Readonly<Record<SureName, number>> = {
  always: -0.74,
  share: 1.2,
  rarest: -0.18,
  named: 0.92,
  plain: 1.26,
  lacking: -0.94,
  elsewhere: -0.87,
  unsaid: -0.66,
  severalWords: 0.56,
  ofNoKind: 0.25,
  money: -0.5,
  dwelling: -0.81,
  contact: 0.55,
  defines: 0.6,
  onlyTime: 0.61,
  otherTime: -1.14,
  foundFirst: -0.05,
};

/** From which chance on an answer is given as one, and below which there is none. Set where the figures of the bench are kept. */
export const surely = 0.84;
export const hardly = 0.25;
