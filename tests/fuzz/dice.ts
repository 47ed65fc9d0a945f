import { randomFrom } from "@mh/testing/random.ts";

/** Everything random about one input: the same for the same seed. */
export interface Dice {
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number;
  chance(of: number): boolean;
  pick<T>(from: readonly T[]): T;
}

export function diceFrom(seed: number): Dice {
  const random = randomFrom(seed);
  const below = (count: number) => Math.floor(random() * count);
  return {
    below,
    chance: (of) => random() < of,
    pick: <T>(from: readonly T[]) => from[below(from.length)] as T,
  };
}

/** The seed of an input of a run: neighbours have nothing in common. */
export function seedOf(run: number, input: number): number {
  const mixed = Math.imul(run ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(input + 1, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Mostly small, seldom very large. */
export function lengthFrom(dice: Dice, most = 200_000): number {
  return Math.min(most, 1 + dice.below(10 ** (1 + dice.below(dice.chance(0.05) ? 6 : 4))));
}
