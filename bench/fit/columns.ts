import { signalNames } from "../../packages/core/src/memory/search/signals.ts";
import { fitted } from "../support/softmax.ts";
import type { Judged } from "./judged.ts";
import { recipe } from "./recipe.ts";

export type Column = "people" | "notes";

const columnNumber = { people: 0, notes: 1 } as const;
const fitting = { steps: 120, rate: 0.12, first: "all" } as const;
/** How much a fit is pulled towards where it begins: more where that knows what no set here can tell, less where it knows little. */
const pull = { words: { people: 0.005, notes: 0.02 }, meaning: { people: 0.002, notes: 0.02 } };
/** Whether an embedder made vectors. */
export type Means = keyof typeof pull;
/** Conversations alone make weights that fail on notes; notes alone are too few for what conversations tell, too. */
const talksShare = 0.3;

/** Where a fit begins, in the order of the signals. */
export const start = (column: Column): number[] => signalNames.map((name) => recipe[name][columnNumber[column]]);

/** A column's weights, fitted to conversations, and to notes where it is theirs. */
export function columnFor(column: Column, means: Means, talks: readonly Judged[], notes: readonly Judged[]): number[] {
  const few = talks.map((each) => ({ ...each, weight: talksShare }));
  const told = (column === "notes" ? [...few, ...notes] : talks).filter(({ answers }) => answers.some(Boolean));
  return fitted(told, start(column), { ...fitting, pull: pull[means][column] });
}

/** For each question the weights that were fitted without its conversation, or without its owner. */
export function leftOut(
  column: Column,
  means: Means,
  talks: readonly Judged[],
  notes: readonly Judged[],
): (each: Judged) => readonly number[] {
  const without = (all: readonly Judged[], fold: string) => all.filter((each) => each.fold !== fold);
  const folds = new Set((column === "people" ? talks : notes).map(({ fold }) => fold));
  const weights = new Map(
    [...folds].map((fold) => [fold, columnFor(column, means, without(talks, fold), without(notes, fold))]),
  );
  return ({ fold }) => weights.get(fold) ?? [];
}
