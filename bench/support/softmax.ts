/** One question: a row of signals for each candidate, and whether it is one that answers. */
export type Example = { rows: readonly (readonly number[])[]; answers: readonly boolean[]; weight: number };

interface Fitting {
  steps: number;
  rate: number;
  /** How much the weights are drawn towards where they start. */
  pull: number;
  /** Whether all that answer should come first, or any of them. */
  first: "all" | "any";
}

const [decay1, decay2, tiny] = [0.9, 0.999, 1e-8];

/**
 * Weights that make answers likely among their candidates, by Adam (Kingma and Ba 2015), drawn towards where it starts. For
 * `all` the mean log-likelihood of the answers counts (multi-positive softmax), for `any` the likelihood that one of them is
 * drawn. No weight goes below 0.
 */
export function fitted(
  examples: readonly Example[],
  start: readonly number[],
  { steps, rate, pull, first }: Fitting,
): number[] {
  const weights = [...start];
  const [mean, square] = [weights.map(() => 0), weights.map(() => 0)];
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  for (let step = 1; step <= steps; step++) {
    const gradient = weights.map((weight, i) => 2 * pull * (weight - (start[i] as number)));
    for (const example of examples) addGradient(gradient, example, weights, { share: example.weight / total, first });
    for (const [i, slope] of gradient.entries()) {
      mean[i] = decay1 * (mean[i] as number) + (1 - decay1) * slope;
      square[i] = decay2 * (square[i] as number) + (1 - decay2) * slope * slope;
      const [m, v] = [(mean[i] as number) / (1 - decay1 ** step), (square[i] as number) / (1 - decay2 ** step)];
      weights[i] = Math.max(0, (weights[i] as number) - (rate * m) / (Math.sqrt(v) + tiny));
    }
  }
  return weights;
}

/** Of the negative log-likelihood: what is expected of all candidates, less what is expected of those that answer. */
function addGradient(
  gradient: number[],
  { rows, answers }: Example,
  weights: readonly number[],
  { share, first }: { share: number; first: Fitting["first"] },
): void {
  const scores = rows.map((row) => row.reduce((sum, value, i) => sum + value * (weights[i] as number), 0));
  const most = Math.max(...scores);
  const likely = scores.map((score) => Math.exp(score - most));
  const wanted = likely.map((each, i) => (answers[i] ? (first === "all" ? 1 : each) : 0));
  const [all, right] = [sum(likely), sum(wanted)];
  for (const [i, row] of rows.entries()) {
    const pulls = share * ((likely[i] as number) / all - (wanted[i] as number) / right);
    for (const [j, value] of row.entries()) gradient[j] = (gradient[j] as number) + pulls * value;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
