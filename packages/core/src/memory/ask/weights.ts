// Fitted on questions with known answers: `npm run fit:answers -- --write` makes this file's numbers anew.
import type { Features } from "./evidence.ts";
import type { SureName } from "./sureness.ts";

/** What each feature of a memory counts as the answer. */
export const answerWeights: Readonly<Features> = {
  found: 3.29,
  foundFirst: 0.37,
  cover: 1.09,
  coverPassage: 2.98,
  rarest: 0.01,
  named: 1.29,
  value: 1.82,
  valueHere: 1.91,
  states: 0.5,
  inTime: 1.04,
  onlyTime: 2.09,
  latest: 1.41,
  earliest: 0.82,
  lastOf: 3.07,
  firstOf: 1.52,
  newest: 0.92,
  current: 0.62,
  onDays: 0.82,
  timely: 1.31,
  together: 1.02,
  extreme: 1.9,
  ahead: 1.16,
  contact: 1.35,
  event: 0,
  defines: 2.9,
  prefers: 1.87,
  lives: 1.29,
  toDo: 1.19,
  topic: 0.1,
  surroundings: 0.18,
  own: 0.96,
  brief: 1.11,
  noted: 0.65,
  related: 0.14,
  ofAssistant: 0.96,
  described: 1.73,
  said: 0.56,
};

/** What each sign counts for the first of them being an answer at all, in logits. */
export const sureWeights: Readonly<Record<SureName, number>> = {
  always: -1.54,
  share: 0.77,
  ahead: 0.34,
  cover: 0.87,
  rarest: -0.44,
  named: 0.97,
  value: 0.4,
  valueHere: -0.17,
  lacksValue: -0.24,
  plain: 0.92,
  alone: 0.68,
  lacking: -0.58,
  ofNoKind: 0.58,
  money: -0.5,
  contact: 0.47,
  defines: 0.7,
  onlyTime: 0.62,
  otherTime: -1.1,
  unheard: 0.2,
};

/** From which chance on an answer is given as one, and below which there is none. Set where the figures of the bench are kept. */
export const surely = 0.84;
export const hardly = 0.25;
