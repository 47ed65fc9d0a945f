import type { Effect } from "@mh/contract/values/effect.ts";
import { canonicalOf, kindOf } from "./kinds.ts";

/** A value as a request showed it, and the names beside it. */
interface Shown {
  value: string;
  beside: readonly string[];
}

/** Who saw whom a letter goes to has not seen a payment, or what is deleted. */
const grave: readonly Effect[] = ["spend", "destroy", "admin"];

/** Values of others that the owner saw, as they are written, and approved for one task. */
export class Endorsements {
  readonly #known = new Map<string, { approval: string; effects: Set<Effect> }>();

  add(shown: readonly Shown[], effect: Effect, approval: string): void {
    for (const value of shown.flatMap(({ value, beside }) => [value, ...beside])) {
      const { effects = new Set<Effect>() } = this.#known.get(exactly(value)) ?? {};
      this.#known.set(exactly(value), { approval, effects: effects.add(effect) });
    }
  }

  /** What pays or destroys is endorsed by a request that did. */
  has(value: unknown, effect: Effect): boolean {
    const { effects } = this.#known.get(exactly(value)) ?? {};
    return effects !== undefined && (!grave.includes(effect) || effects.has(effect));
  }

  by(value: unknown): string | undefined {
    return this.#known.get(exactly(value))?.approval;
  }
}

const exactly = (value: unknown): string => canonicalOf(value, exactKind(value));

/** What people see when they approve is one value: hosts and accounts have spellings, everything else is as it is. */
function exactKind(value: unknown) {
  const kind = kindOf(value, undefined);
  return kind === "name" ? "secret" : kind;
}
