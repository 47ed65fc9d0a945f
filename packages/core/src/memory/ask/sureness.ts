import type { Asked } from "./asked.ts";
import { type Evidence, featureNames } from "./evidence.ts";
import { isLight } from "./light-words.ts";
import { scoreOf } from "./ranking.ts";
import { sureWeights } from "./weights.ts";

/** What tells whether the first of the ranked evidence answers the question, each from 0 to 1. */
export const sureNames = [
  ...["always", "share", "ahead", "cover", "rarest", "named", "value", "valueHere", "lacksValue", "plain", "alone", "lacking"],
  ...["ofNoKind", "money", "contact", "defines", "onlyTime", "otherTime", "unheard"],
] as const;
export type SureName = (typeof sureNames)[number];

/** How far two scores lie apart where the second is no rival. */
const farApart = 3;

export function sureFeatures(
  asked: Asked,
  best: readonly Evidence[],
  scores: readonly number[],
): Record<SureName, number> {
  const [first = 0, second = first - farApart] = scores.toSorted((a, b) => b - a);
  const { wants, spans, concepts } = asked;
  const [top, ...others] = best;
  const features = top?.features ?? noFeatures;
  const telling = tellingOf(asked);
  const wholeHad = (each: Evidence) => leastHad(each.having, telling);
  return {
    always: 1,
    share: best.length === 0 ? 0 : 1 / scores.reduce((sum, score) => sum + Math.exp(score - first), 0),
    ahead: Math.min(1, (first - second) / farApart),
    // What it says itself: the value counts apart.
    cover: features.said,
    rarest: features.rarest,
    named: features.named,
    value: features.value,
    valueHere: features.valueHere,
    lacksValue: wants.kinds.size > 0 && features.value < 0.5 ? 1 : 0,
    // What is asked for stands plainly where it is asked about.
    plain: features.value >= plainFrom ? features.coverPassage : 0,
    // One sentence of the first has all the words, and no other memory has.
    alone: top ? leastHad(top.here, telling) - Math.max(0, ...others.map(wholeHad)) : 0,
    lacking: top ? lackingShare(asked, top) : 1,
    ofNoKind: wants.kinds.size === 0 ? 1 : 0,
    money: wants.kinds.has("money") ? 1 : 0,
    contact: features.contact,
    defines: features.defines,
    onlyTime: features.onlyTime,
    otherTime: spans.length > 0 && features.inTime === 0 ? 1 : 0,
    unheard: concepts.some(({ isAsking, variants }) => !isAsking && variants.length === 0) ? 1 : 0,
  };
}

const plainFrom = 0.9;
const hadFrom = 0.6;

/** Where the words stand that the answer should have: those that carry something, if there are any. */
function tellingOf({ concepts }: Asked): number[] {
  const telling = concepts.flatMap(({ isAsking }, i) => (isAsking ? [] : [i]));
  const heavy = telling.filter((i) => !isLight(concepts[i]?.word ?? ""));
  return heavy.length > 0 ? heavy : telling;
}

function leastHad(had: readonly number[], telling: readonly number[]): number {
  return telling.length === 0 ? 0 : Math.min(...telling.map((i) => had[i] ?? 0));
}

/** How much of the question, by weight, the memory does not have. */
function lackingShare({ concepts }: Asked, { having }: Evidence): number {
  const weigh = (counts: (i: number) => boolean) =>
    concepts.reduce((sum, { isAsking, weight }, i) => sum + (!isAsking && counts(i) ? weight : 0), 0);
  return weigh((i) => (having[i] ?? 0) < hadFrom) / (weigh(() => true) || 1);
}

const noFeatures = Object.fromEntries(featureNames.map((name) => [name, 0])) as Evidence["features"];

/** The chance that the first answers the question, as it was on questions with known answers; 0 where there is none. */
export function chanceOf(asked: Asked, best: readonly Evidence[]): number {
  if (best.length === 0) return 0;
  const scores = best.map(({ features }) => scoreOf(features));
  const features = sureFeatures(asked, best, scores);
  return 1 / (1 + Math.exp(-sureNames.reduce((sum, name) => sum + sureWeights[name] * features[name], 0)));
}
