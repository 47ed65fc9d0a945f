import type { Asked, Concept } from "./asked.ts";
import type { Evidence } from "./evidence.ts";
import { featureNames } from "./features.ts";
import { isLight } from "./light-words.ts";
import { scoreOf } from "./ranking.ts";
import { sureWeights } from "./weights.ts";

/** What tells whether the first of the ranked evidence answers the question, each from 0 to 1. */
export const sureNames = [
  ...["always", "share", "rarest", "named", "plain", "lacking", "elsewhere", "unsaid", "severalWords", "ofNoKind"],
  ...["money", "dwelling", "contact", "defines", "onlyTime", "otherTime", "foundFirst"],
] as const;
export type SureName = (typeof sureNames)[number];

export function sureFeatures(
  { wants, spans, concepts }: Asked,
  best: readonly Evidence[],
  scores: readonly number[],
): Record<SureName, number> {
  const [first = 0] = scores.toSorted((a, b) => b - a);
  const [top, ...others] = best;
  const features = top?.features ?? noFeatures;
  const has = (each: Evidence | undefined, i: number) => each?.having[i] ?? 0;
  const telling = concepts.flatMap(({ isAsking, weight }, i) => (isAsking ? [] : [{ i, weight }]));
  const total = telling.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const lacked = telling.filter(({ i }) => has(top, i) < hadFrom);
  return {
    always: 1,
    share: best.length === 0 ? 0 : 1 / scores.reduce((sum, score) => sum + Math.exp(score - first), 0),
    rarest: features.rarest,
    named: features.named,
    // What is asked for stands plainly where it is asked about.
    plain: features.value >= plainFrom ? features.coverPassage : 0,
    lacking: lacked.reduce((sum, { weight }) => sum + weight, 0) / total,
    // Other memories have what it lacks.
    elsewhere:
      lacked.reduce((sum, { i, weight }) => sum + weight * most(others.map((each) => has(each, i))), 0) / total,
    // "How much does he earn?" of a memory that says a sum, and not that anybody earns it.
    unsaid: concepts.some(({ isAsking }, i) => isAsking && has(top, i) < hadFrom) ? 1 : 0,
    severalWords: telling.length > 1 ? 1 : 0,
    ofNoKind: wants.kinds.size === 0 ? 1 : 0,
    money: wants.kinds.has("money") ? 1 : 0,
    dwelling: wants.isDwelling && top?.hit.record.fact === undefined ? 1 : 0,
    contact: features.contact,
    defines: features.defines,
    onlyTime: features.onlyTime,
    otherTime: spans.length > 0 && features.inTime === 0 ? 1 : 0,
    foundFirst: features.foundFirst === 1 ? 1 : 0,
  };
}

const plainFrom = 0.9;
const hadFrom = 0.6;

const most = (shares: readonly number[]): number => shares.reduce((a, b) => Math.max(a, b), 0);

const noFeatures = Object.fromEntries(featureNames.map((name) => [name, 0])) as Evidence["features"];

/** The chance that the first answers the question, as it was on questions with known answers; 0 where nothing can. */
export function chanceOf(asked: Asked, best: readonly Evidence[]): number {
  if (best.length === 0 || !hasOwnWord(asked, best)) return 0;
  const scores = best.map(({ features }) => scoreOf(features));
  const features = sureFeatures(asked, best, scores);
  return 1 / (1 + Math.exp(-sureNames.reduce((sum, name) => sum + sureWeights[name] * features[name], 0)));
}

/** Whether the store has any word that the question tells by: in another form or language, but not one that is only related. */
function hasOwnWord({ concepts }: Asked, best: readonly Evidence[]): boolean {
  const telling = concepts.filter(({ isAsking, isName, word }) => !isAsking && (isName || !isLight(word)));
  const isHad = (concept: Concept) =>
    concept.variants.length > 0 ||
    concept.same.length > 0 ||
    best.some(({ having }) => having[concepts.indexOf(concept)] === 1);
  return telling.length === 0 || telling.some(isHad);
}
