// Fitted on questions with known answers: `npm run fit:answers -- --write` makes this file's numbers anew.
import type { Features } from "./evidence.ts";
import type { SureName } from "./sureness.ts";

/** What each feature of a memory counts as the answer. */
export const answerWeights: Readonly<Features> = {
  found: 3.36,
  foundFirst: 0.43,
  cover: 0.88,
  coverPassage: 2.98,
  rarest: 0.03,
  named: 1.5,
  value: 1.83,
  valueHere: 1.99,
  states: 0.5,
  inTime: 1.02,
  onlyTime: 2.08,
  latest: 0.88,
  earliest: 0.78,
  lastOf: 3.15,
  firstOf: 1.45,
  newest: 0.95,
  current: 0.64,
  onDays: 0.83,
  timely: 1.35,
  together: 1.02,
  extreme: 1.9,
  ahead: 1.15,
  contact: 1.53,
  event: 0,
  defines: 2.94,
  prefers: 1.74,
  topic: 0.15,
  surroundings: 0.25,
  own: 1.02,
  brief: 1.16,
  noted: 0.66,
  related: 0.12,
  ofAssistant: 1.02,
  described: 1.91,
  said: 0.48,
};

/** What each sign counts for the first of them being an answer at all, in logits. */
export const sureWeights: Readonly<Record<SureName, number>> = {
  always: -2.07,
  share: 0.94,
  ahead: 0.66,
  cover: 1.03,
  coverPassage: 0.24,
  rarest: -0.28,
  named: 1.2,
  value: -0.09,
  valueHere: 0.33,
  lacksValue: -0.22,
  contact: 0.44,
  defines: 0.63,
  onlyTime: 0.84,
  otherTime: -0.94,
  unheard: -0.12,
  found: -0.09,
  states: -0.04,
};

/** From which chance on an answer is given as one, and below which there is none. Set where the figures of the bench are kept. */
export const surely = 0.85;
export const hardly = 0.25;
