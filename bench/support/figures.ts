/** How well questions were answered, of 1 each. */
export type Figures = { questions: number; r1: number; r3: number; r5: number; r10: number; r20: number; mrr: number };
export type Answered = { answers: readonly (readonly string[])[]; hits: readonly string[] };

/** Recall counts groups of answers; the reciprocal rank is that of the first that is right, among the first ten. */
export function figuresOf(all: readonly Answered[]): Figures {
  const recall = (k: number) => mean(all.map((answered) => recallAt(answered, k)));
  return {
    questions: all.length,
    ...{ r1: recall(1), r3: recall(3), r5: recall(5), r10: recall(10), r20: recall(20) },
    mrr: mean(all.map(reciprocal)),
  };
}

function recallAt({ answers, hits }: Answered, k: number): number {
  const top = hits.slice(0, k);
  return answers.filter((group) => group.some((id) => top.includes(id))).length / answers.length;
}

function reciprocal({ answers, hits }: Answered): number {
  const first = hits.slice(0, 10).findIndex((id) => answers.some((group) => group.includes(id)));
  return first === -1 ? 0 : 1 / (first + 1);
}

function mean(numbers: readonly number[]): number {
  const all = numbers.reduce((sum, number) => sum + number, 0) / (numbers.length || 1);
  return Math.round(all * 1_000) / 1_000;
}
