import type { Evidence } from "./evidence.ts";
import { type Features, featureNames } from "./features.ts";
import { answerWeights } from "./weights.ts";

/** Evidence with the one first that most likely answers. The weights are fitted (`npm run fit:answers`). */
export function ranked(all: readonly Evidence[]): Evidence[] {
  return all
    .map((evidence, i) => ({ evidence, i, score: scoreOf(evidence.features) }))
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .map(({ evidence }) => evidence);
}

export function scoreOf(features: Features): number {
  return featureNames.reduce((sum, name) => sum + answerWeights[name] * features[name], 0);
}
