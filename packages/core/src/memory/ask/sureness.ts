import type { Asked } from "./asked.ts";
import { type Evidence, featureNames } from "./evidence.ts";
import { scoreOf } from "./ranking.ts";
import { sureWeights } from "./weights.ts";

/** What tells whether the first of the ranked evidence answers the question, each from 0 to 1. */
export const sureNames = [
  ...["always", "share", "ahead", "cover", "coverPassage", "rarest", "named", "value", "valueHere", "lacksValue"],
  ...["contact", "defines", "onlyTime", "otherTime", "unheard", "found", "states"],
] as const;
export type SureName = (typeof sureNames)[number];

/** How far two scores lie apart where the second is no rival. */
const farApart = 3;

export function sureFeatures(
  { wants, spans, concepts }: Asked,
  best: readonly Evidence[],
  scores: readonly number[],
): Record<SureName, number> {
  const [first = 0, second = first - farApart] = scores.toSorted((a, b) => b - a);
  const features = best[0]?.features ?? noFeatures;
  return {
    always: 1,
    share: best.length === 0 ? 0 : 1 / scores.reduce((sum, score) => sum + Math.exp(score - first), 0),
    ahead: Math.min(1, (first - second) / farApart),
    // What it says itself: the value counts apart.
    cover: features.said,
    coverPassage: features.coverPassage,
    rarest: features.rarest,
    named: features.named,
    value: features.value,
    valueHere: features.valueHere,
    lacksValue: wants.kinds.size > 0 && features.value < 0.5 ? 1 : 0,
    contact: features.contact,
    defines: features.defines,
    onlyTime: features.onlyTime,
    otherTime: spans.length > 0 && features.inTime === 0 ? 1 : 0,
    unheard: concepts.some(({ isAsking, variants }) => !isAsking && variants.length === 0) ? 1 : 0,
    found: features.found,
    states: features.states,
  };
}

const noFeatures = Object.fromEntries(featureNames.map((name) => [name, 0])) as Evidence["features"];

/** The chance that the first answers the question, as it was on questions with known answers; 0 where there is none. */
export function chanceOf(asked: Asked, best: readonly Evidence[]): number {
  if (best.length === 0) return 0;
  const scores = best.map(({ features }) => scoreOf(features));
  const features = sureFeatures(asked, best, scores);
  return 1 / (1 + Math.exp(-sureNames.reduce((sum, name) => sum + sureWeights[name] * features[name], 0)));
}
