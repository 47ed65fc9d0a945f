/** What an option has in its situation: a named number each. */
export type Features = ReadonlyMap<string, number>;

/** A choice that the owner made: what stood to choose, and which of them they took. */
export interface Choice {
  options: readonly { features: Features /** What is known of it besides, in units of a score. */; offset: number }[];
  /** Place of the one that was taken. */
  chosen: number;
}

export type Weights = ReadonlyMap<string, number>;

/** A difference of 1 in score is odds of e^scale. */
export const scale = 4;

/** How much a weight is drawn to zero: a feature that was seen in this many choices is believed by half. */
const ridge = 2;
const rounds = 40;

/**
 * What each feature counts, so that the choices made become likely: a conditional logit (McFadden 1974) whose weights are
 * drawn to zero. `halfLife`: after so many later choices one counts half; the choices are laid out oldest first, and only the
 * first `count` are fitted, so that fits share a table. The same choices give the same weights. Found by Nesterov's method,
 * each weight with a step that is safe for it, since the curvature of a softmax is at most a half.
 */
export function fitTable(table: Table, halfLife: number, count = table.chosen.length): Weights {
  const { names, at, values, starts, offsets, firsts, chosen } = table;
  const ages = Array.from({ length: count }, (_, n) => 0.5 ** ((count - 1 - n) / halfLife));
  const steps = safeSteps(table, ages);
  const weights = new Float64Array(names.size);
  const ahead = new Float64Array(names.size);
  const slope = new Float64Array(names.size);
  const likely = new Float64Array(offsets.length);
  let pace = 1;
  for (let round = 0; round < rounds; round += 1) {
    for (let f = 0; f < slope.length; f += 1) slope[f] = ridge * (ahead[f] as number);
    for (let n = 0; n < count; n += 1) {
      const [first, end] = [firsts[n] as number, firsts[n + 1] as number];
      for (let row = first; row < end; row += 1) {
        let sum = offsets[row] as number;
        for (let k = starts[row] as number; k < (starts[row + 1] as number); k += 1) {
          sum += (ahead[at[k] as number] as number) * (values[k] as number);
        }
        likely[row] = sum;
      }
      softmaxIn(likely, first, end);
      for (let row = first; row < end; row += 1) {
        const miss = (likely[row] as number) - (row - first === chosen[n] ? 1 : 0);
        const error = (ages[n] as number) * miss;
        for (let k = starts[row] as number; k < (starts[row + 1] as number); k += 1) {
          slope[at[k] as number] = (slope[at[k] as number] as number) + error * (values[k] as number);
        }
      }
    }
    const faster = (1 + Math.sqrt(1 + 4 * pace * pace)) / 2;
    const push = (pace - 1) / faster;
    for (let f = 0; f < weights.length; f += 1) {
      const weight = (ahead[f] as number) - (slope[f] as number) * (steps[f] as number);
      ahead[f] = weight + push * (weight - (weights[f] as number));
      weights[f] = weight;
    }
    pace = faster;
  }
  return new Map([...names].map(([name, place]) => [name, (weights[place] as number) / scale]));
}

export type Table = ReturnType<typeof tableOf>;

/** The choices as one sparse matrix: `at` and `values` by `starts` of each option, options by `firsts` of each choice. */
export function tableOf(choices: readonly Choice[]) {
  const names = new Map<string, number>();
  const [at, values, starts, offsets, firsts] = [[], [], [], [], []] as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  for (const { options } of choices) {
    firsts.push(starts.length);
    for (const { features, offset } of options) {
      starts.push(at.length);
      offsets.push(offset * scale);
      for (const [name, value] of features) {
        const place = names.get(name) ?? names.size;
        names.set(name, place);
        at.push(place);
        values.push(value);
      }
    }
  }
  firsts.push(starts.length);
  starts.push(at.length);
  const chosen = choices.map((each) => each.chosen);
  return { names, at: Int32Array.from(at), values: Float64Array.from(values), starts, offsets, firsts, chosen };
}

function safeSteps({ names, at, values, starts, firsts }: ReturnType<typeof tableOf>, ages: readonly number[]) {
  const curves = new Float64Array(names.size).fill(ridge);
  for (let n = 0; n < ages.length; n += 1) {
    for (let row = firsts[n] as number; row < (firsts[n + 1] as number); row += 1) {
      const [start, end] = [starts[row] as number, starts[row + 1] as number];
      const reach = values.subarray(start, end).reduce((sum, value) => sum + Math.abs(value), 0);
      for (let k = start; k < end; k += 1) {
        const more = 0.5 * (ages[n] as number) * Math.abs(values[k] as number) * reach;
        curves[at[k] as number] = (curves[at[k] as number] as number) + more;
      }
    }
  }
  return curves.map((curve) => 1 / curve);
}

/** How likely each is to be taken. */
export function softmax(sums: readonly number[]): number[] {
  const likely = Float64Array.from(sums);
  softmaxIn(likely, 0, likely.length);
  return [...likely];
}

function softmaxIn(sums: Float64Array, first: number, end: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let n = first; n < end; n += 1) most = Math.max(most, sums[n] as number);
  let whole = 0;
  for (let n = first; n < end; n += 1) {
    sums[n] = Math.exp((sums[n] as number) - most);
    whole += sums[n] as number;
  }
  for (let n = first; n < end; n += 1) sums[n] = (sums[n] as number) / whole;
}

/** How unlikely the choices were by these weights: the mean of -log p. */
export function surprise(choices: readonly Choice[], weights: Weights): number {
  const all = choices.map(({ options, chosen }) => {
    const sums = options.map(({ features, offset }) => scale * (offset + learnedScore(features, weights)));
    return -Math.log(Math.max(1e-9, softmax(sums)[chosen] ?? 0));
  });
  return all.reduce((sum, each) => sum + each, 0) / Math.max(1, all.length);
}

export function learnedScore(features: Features, weights: Weights): number {
  let sum = 0;
  for (const [name, value] of features) sum += value * (weights.get(name) ?? 0);
  return sum;
}
