// Fitted on questions with known answers: `npm run fit:answers -- --write` makes this file's numbers anew.
import type { Features } from "./features.ts";
import type { SureName } from "./sureness.ts";

/** What each feature of a memory counts as the answer. */
export const answerWeights: Readonly<Features> = {
  found: 3.11,
  foundFirst: 0.58,
  cover: 1.07,
  coverPassage: 3.16,
  rarest: 0.03,
  named: 1.25,
  value: 1.72,
  valueHere: 2.27,
  states: 0.5,
  inTime: 0.99,
  onlyTime: 2.07,
  latest: 1.45,
  earliest: 0.81,
  lastOf: 3.12,
  firstOf: 1.56,
  newest: 0.74,
  current: 2.23,
  onDays: 0.81,
  timely: 0.76,
  together: 1.01,
  extreme: 1.9,
  ahead: 1.23,
  contact: 1.49,
  event: 0,
  defines: 2.97,
  prefers: 1.84,
  lives: 1.09,
  toDo: 1.2,
  topic: 0.12,
  surroundings: 0.32,
  own: 0.94,
  brief: 0.9,
  noted: 0.62,
  related: 0.12,
  ofAssistant: 0.94,
  described: 1.71,
  said: 0.29,
};

/** What each sign counts for the first of them being an answer at all, in logits. */
export const sureWeights: Readonly<Record<SureName, number>> = {
  always: -1.35,
  share: 1.8,
  rarest: -0.67,
  named: 1.61,
  plain: 1.75,
  lacking: -1.6,
  elsewhere: -1.19,
  unsaid: -0.91,
  severalWords: 1.05,
  ofNoKind: 0.36,
  money: -0.56,
  dwelling: -1.49,
  contact: 1.54,
  defines: 1.36,
  onlyTime: 1.16,
  otherTime: -2.34,
  foundFirst: -0.42,
};

/** From which chance on an answer is given as one, and below which there is none. Set on the owners that the weights are fitted to. */
export const surely = 0.91;
export const hardly = 0.25;
