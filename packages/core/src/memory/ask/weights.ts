// Fitted on questions with known answers: `npm run fit:answers -- --write` makes this file's numbers anew.
import type { Features } from "./evidence.ts";
import type { SureName } from "./sureness.ts";

/** What each feature of a memory counts as the answer. */
export const answerWeights: Readonly<Features> = {
  found: 3.49,
  foundFirst: 0.59,
  cover: 0.7,
  coverPassage: 3.24,
  rarest: 0,
  named: 1.41,
  value: 1.92,
  valueHere: 2.21,
  states: 0.5,
  inTime: 0.52,
  onlyTime: 2.35,
  latest: 0.56,
  earliest: 0.58,
  lastOf: 3.26,
  firstOf: 1.11,
  newest: 0.34,
  together: 1.04,
  extreme: 1.87,
  ahead: 1.34,
  contact: 1.45,
  event: 0,
  defines: 3.07,
  prefers: 1.77,
  topic: 0.57,
  surroundings: 0.54,
  own: 1.1,
  brief: 1.23,
  noted: 0.72,
  related: 0.3,
  ofAssistant: 1.1,
  described: 2.01,
  said: 0.6,
};

/** What each sign counts for the first of them being an answer at all, in logits. */
export const sureWeights: Readonly<Record<SureName, number>> = {
  always: -2.93,
  share: 1.19,
  ahead: 0.64,
  cover: 1.09,
  coverPassage: 0.39,
  rarest: -0.27,
  named: 1.3,
  value: 0.3,
  valueHere: 0.15,
  lacksValue: -0.24,
  contact: 0.47,
  defines: 0.55,
  onlyTime: 0.7,
  otherTime: -0.55,
  unheard: -0.04,
  found: 0.14,
  states: -0.05,
};

/** From which chance on an answer is given as one, and below which there is none. Set where the figures of the bench are kept. */
export const surely = 0.85;
export const hardly = 0.25;
