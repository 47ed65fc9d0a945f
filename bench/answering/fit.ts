// Fits what `mh ask` ranks its evidence by and how sure it is, to the owners of the split `fit` alone.
//   npm run fit:answers              prints; npm run fit:answers -- --write  writes packages/core/src/memory/ask/weights.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gathered } from "../../packages/core/src/memory/ask/ask.ts";
import type { Asked } from "../../packages/core/src/memory/ask/asked.ts";
import type { Evidence } from "../../packages/core/src/memory/ask/evidence.ts";
import { featureNames } from "../../packages/core/src/memory/ask/features.ts";
import { sureFeatures, sureNames } from "../../packages/core/src/memory/ask/sureness.ts";
import { type Example, fitted } from "../support/softmax.ts";
import { logistic } from "./logistic.ts";
import { type Put, questionsPut, questionsPutSmall } from "./owner-stores.ts";

type Judged = Example & { owner: string; asked: Asked; evidence: Evidence[] };

const judged = questionsPut("fit").map(judge);

function judge({ owner, question, db, query }: Put): Judged {
  const { asked, evidence } = gathered(db, query);
  const answers = new Set(question.answers.flat());
  return {
    ...{ owner: owner.id, asked, evidence, weight: 1 },
    rows: evidence.map(({ features }) => featureNames.map((name) => features[name])),
    answers: evidence.map(({ hit }) => answers.has(hit.record.externalId ?? "")),
  };
}
const folds = [...new Set(judged.map(({ owner }) => owner))];
// Where too few questions tell, the weight stays near what it is at first.
const firstWeights: Partial<Record<string, number>> = {
  ...{ found: 3, cover: 1, coverPassage: 3, valueHere: 2, latest: 1, earliest: 1, lastOf: 3, firstOf: 2 },
  ...{ newest: 0.7, current: 2.5, extreme: 1.5, defines: 2, onlyTime: 2, together: 1 },
};
const start = featureNames.map((name) => firstWeights[name] ?? 0.5);
const ranking = (without?: string) =>
  fitted(
    judged.filter(({ owner, answers }) => owner !== without && answers.includes(true)),
    start,
    { steps: 200, rate: 0.1, pull: 0.002, first: "any" },
  );
const weights = ranking();
// How sure it is has to be learnt on rankings that have not seen the owner, of large stores and small ones.
const apart = new Map(folds.map((owner) => [owner, ranking(owner)]));
const sure = logistic(
  [...judged, ...questionsPutSmall("fit").map(judge)]
    .filter(({ evidence }) => evidence.length > 0)
    .map((each) => {
      const { order, scores } = rankedBy(each, apart.get(each.owner) ?? weights);
      const features = sureFeatures(
        each.asked,
        order.map((i) => each.evidence[i] as Evidence),
        order.map((i) => scores[i] as number),
      );
      return { row: sureNames.map((name) => features[name]), isTrue: each.answers[order[0] ?? -1] === true };
    }),
);

for (const owner of folds) {
  const known = judged.filter((each) => each.owner === owner && each.answers.includes(true));
  const first = known.filter((each) => each.answers[rankedBy(each, apart.get(owner) ?? []).order[0] ?? -1]).length;
  console.log(
    `${owner}, left out: of those among what is read ${Math.round((100 * first) / known.length)} % come first`,
  );
}
for (const [i, name] of featureNames.entries()) console.log(name.padEnd(14), weights[i]?.toFixed(2));
for (const [i, name] of sureNames.entries()) console.log(name.padEnd(14), sure[i]?.toFixed(2));
if (process.argv.includes("--write")) write();

function rankedBy({ rows }: Judged, by: readonly number[]): { order: number[]; scores: number[] } {
  const scores = rows.map((row) => row.reduce((sum, value, i) => sum + value * (by[i] as number), 0));
  return { scores, order: scores.map((_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number)) };
}

function write(): void {
  const file = join(import.meta.dirname, "../../packages/core/src/memory/ask/weights.ts");
  const table = (names: readonly string[], values: readonly number[]) =>
    names.map((name, i) => `  ${name}: ${Number(values[i]?.toFixed(2))},`).join("\n");
  const text = readFileSync(file, "utf8")
    .replace(/(?<=export const answerWeights[^{]*\{\n)[^}]*/, `${table(featureNames, weights)}\n`)
    .replace(/(?<=export const sureWeights[^{]*\{\n)[^}]*/, `${table(sureNames, sure)}\n`);
  writeFileSync(file, text);
}
