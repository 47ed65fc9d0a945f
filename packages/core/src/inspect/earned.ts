import type { TrustLevel } from "@mh/contract/values/effect.ts";
import { trustLevels } from "@mh/contract/values/effect.ts";
import type { Counted } from "./activity-table.ts";

/** What the owner said to somebody's work since its level was last set. */
export interface Judgements extends Record<Exclude<Counted, "violated">, number> {
  /** In the last ninety days, whatever its level was. */
  violated: number;
  /** On how many days the owner judged anything of it. */
  days: number;
  /** Within 0 and 1; null where nothing was judged of late. */
  drift: number | null;
}

/** On fewer days all may have been judged in one go. */
const daysLeast = 7;
const driftMost = 0.1;
const judgedLeastToLower = 5;
const lowerBelow = 0.7;

/**
 * From which score on the next level is proposed. With nothing against it, .8 takes 16 judgements, .9 takes 35 and .95 takes
 * 73. At `observe` nobody asks for anything, so that nothing can be earned there.
 */
export const neededFor: Readonly<Partial<Record<TrustLevel, number>>> = {
  supervised_auto: 0.8,
  bounded_auto: 0.9,
  adaptive_auto: 0.95,
};

export interface Earned {
  /** The lower bound of the share that the owner went along with, with 95 % confidence; null where nothing was judged. */
  score: number | null;
  /** The level that the evidence bears, where that is another one. */
  proposed: TrustLevel | null;
}

/** What somebody's work has earned: proposed to the owner, and never set. */
export function earned(level: TrustLevel, initial: TrustLevel, judged: Judgements): Earned {
  const along = judged.approved + judged.agreed;
  const all = along + judged.refused + judged.undone + judged.differed;
  if (all === 0) return { score: null, proposed: null };
  const [score, most] = wilson(along, all);
  const at = trustLevels.indexOf(level);
  const [higher, lower] = [trustLevels[at + 1], trustLevels[at - 1]];
  const needed = higher && neededFor[higher];
  const isSteady = judged.violated === 0 && judged.days >= daysLeast && (judged.drift ?? 0) <= driftMost;
  if (higher && needed !== undefined && level !== "observe" && score >= needed && isSteady)
    return { score, proposed: higher };
  if (lower && at > trustLevels.indexOf(initial) && all >= judgedLeastToLower && most < lowerBelow)
    return { score, proposed: lower };
  return { score, proposed: null };
}

const z = 1.96;

/** The interval in which the share of `along` lies with 95 % confidence (Wilson, 1927). */
export function wilson(along: number, all: number): [least: number, most: number] {
  const middle = (along + z ** 2 / 2) / (all + z ** 2);
  const reach = (z * Math.sqrt((along * (all - along)) / all + z ** 2 / 4)) / (all + z ** 2);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}
