import type { Slot } from "@mh/contract/values/plan.ts";
import { canonicalOf, kindOf } from "../provenance/kinds.ts";
import { type Leaf, leaves } from "../provenance/rows.ts";

export type Value = Leaf["value"];

/** A value of a command, and the argument that it stands in. */
export interface ArgumentLeaf extends Leaf {
  name: string;
  /** Its path leads to it: no key on the way holds dots or brackets, or is the value itself. */
  isPlain: boolean;
}

/** A value of an entry, and the name of its field. */
export interface Field {
  name: string;
  value: Value;
}

const leavesMax = 1_000;
const charsMax = 1_000_000;

/** All values of a command; undefined where they are more than a plan is compared with. */
export function argumentLeaves(args: Readonly<Record<string, unknown>>): ArgumentLeaf[] | undefined {
  const allowance = { leaves: leavesMax, chars: charsMax };
  const all = Object.keys(args).flatMap((name) =>
    leaves(args[name], name, allowance).map((leaf) => ({
      ...leaf,
      name,
      isPlain: valueAt(args, leaf.path) === leaf.value,
    })),
  );
  return "left" in allowance ? undefined : all;
}

function valueAt(args: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = args;
  for (const key of path.split(/[.[\]]+/).filter(Boolean)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/**
 * One spelling for all values that are the same, as what a slot says that they are; undefined for what is none of that. Where
 * it says nothing, only the very same is.
 */
export function spellingOf(value: Value, kind: Slot["kind"]): string | undefined {
  if (kind === undefined || kind === "text") return `${typeof value} ${value}`;
  return kindOf(value, kind) === kind ? canonicalOf(value, kind) : undefined;
}

function isSameAs(value: Value, wanted: Value, kind: Slot["kind"]): boolean {
  const spelling = spellingOf(value, kind);
  return spelling !== undefined && spelling === spellingOf(wanted, kind);
}

/** What a slot says of a value by itself, wherever it comes from. */
export function isAllowed({ oneOf, atMost, kind }: Slot, value: Value): boolean {
  if (oneOf && !oneOf.some((each) => isSameAs(value, each, kind))) return false;
  if (atMost === undefined) return true;
  const amount = amountOf(value);
  return amount !== undefined && amount > 0 && amount <= atMost;
}

/** An amount as a number; undefined where it has no one reading. */
export function amountOf(value: Value): number | undefined {
  if (kindOf(value, "amount") !== "amount") return undefined;
  const amount = Number(canonicalOf(value, "amount"));
  return Number.isFinite(amount) ? amount : undefined;
}

/** Whether an entry gives a value to a slot. */
export const gives = (fields: readonly Field[], { field = "*", kind }: Slot, value: Value): boolean =>
  fields.some((each) => each.name === field && isSameAs(value, each.value, kind));

/** Whether an entry is one of those that a slot speaks of. */
export const isMeant = (fields: readonly Field[], { where = {} }: Slot): boolean =>
  Object.entries(where).every(([name, wanted]) => fields.some((each) => each.name === name && each.value === wanted));
