import type { Slot } from "@mh/contract/values/plan.ts";
import type { Entry } from "./fill.ts";
import type { LookedAt } from "./looked-at.ts";
import type { Field, Value } from "./values.ts";

/** Entries that may fill slots. */
export interface Pool {
  all(): Iterable<Entry>;
  /** Those with a value in a slot's field. */
  giving(slot: Slot, value: Value): Entry[];
}

/** The entries of one answer, each made when it is asked for. */
export function poolOf(looked: LookedAt, entryOf: (fields: readonly Field[]) => Entry): Pool {
  const made = new Map<number, Entry>();
  const entry = (n: number): Entry => {
    const known = made.get(n) ?? entryOf(looked.entries[n] as readonly Field[]);
    made.set(n, known);
    return known;
  };
  return {
    *all() {
      for (const n of looked.entries.keys()) yield entry(n);
    },
    giving: (slot, value) => looked.giving(slot, value).map(entry),
  };
}

export const joined = (pools: readonly Pool[]): Pool => ({
  *all() {
    for (const pool of pools) yield* pool.all();
  },
  giving: (slot, value) => pools.flatMap((pool) => pool.giving(slot, value)),
});

/** The same, each entry as it is turned into others or left out. */
export const turned = (pool: Pool, turn: (entry: Entry) => readonly Entry[]): Pool => ({
  *all() {
    for (const entry of pool.all()) yield* turn(entry);
  },
  giving: (slot, value) => pool.giving(slot, value).flatMap(turn),
});
