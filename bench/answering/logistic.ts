/** A row of features, and whether what they speak for is so. */
export type Case = { row: readonly number[]; isTrue: boolean };

const steps = 4_000;
const rate = 0.5;
const decay = 0.001;

/** Weights of a logistic regression by gradient descent, drawn to 0 but for the first, which stands for what is always so. */
export function logistic(cases: readonly Case[]): number[] {
  const weights = (cases[0]?.row ?? []).map(() => 0);
  for (let step = 0; step < steps; step++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : decay * weight));
    for (const { row, isTrue } of cases) {
      const sum = row.reduce((total, value, i) => total + value * (weights[i] as number), 0);
      const error = 1 / (1 + Math.exp(-sum)) - (isTrue ? 1 : 0);
      for (const [i, value] of row.entries()) gradient[i] = (gradient[i] as number) + (error * value) / cases.length;
    }
    for (const [i, slope] of gradient.entries()) weights[i] = (weights[i] as number) - rate * slope;
  }
  return weights;
}
