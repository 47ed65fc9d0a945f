import type { Slot } from "@mh/contract/values/plan.ts";
import { canonicalOf, kindOf } from "../provenance/kinds.ts";
import { type Leaf, leaves } from "../provenance/rows.ts";

export type Value = Leaf["value"];

/** A value of a command, and the argument that it stands in. */
export interface ArgumentLeaf extends Leaf {
  name: string;
  /** Nothing stands there, but that it does may say something: `[]`, `{}`, `null`. */
  isEmpty?: boolean;
  /** Its path leads to it: no key on the way holds dots or brackets, or is the value itself. */
  isPlain: boolean;
}

/** A value of an entry, the name of its field, and where it stands. */
export interface Field {
  name: string;
  /** As in `stays[0].guest`, where the name is `stays.guest`. */
  path: string;
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
  if ("left" in allowance) return undefined;
  const empty = Object.keys(args).flatMap((name) => emptyIn(args[name], name).map((path) => emptyLeaf(name, path)));
  return all.length + empty.length > leavesMax ? undefined : [...all, ...empty];
}

const emptyLeaf = (name: string, path: string): ArgumentLeaf => ({
  ...{ name, path, value: "", isPlain: true, isEmpty: true },
});

/** Paths at which nothing stands. What is too deep for this is too deep for values, too. */
function emptyIn(value: unknown, path: string): string[] {
  if (value === null) return [path];
  if (typeof value !== "object") return [];
  const inside = Array.isArray(value)
    ? value.map((each, n): [string, unknown] => [`${path}[${n}]`, each])
    : Object.entries(value).map(([key, each]): [string, unknown] => [`${path}.${key}`, each]);
  return inside.length === 0 ? [path] : inside.flatMap(([at, each]) => emptyIn(each, at));
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

/** Fields of an entry that give a value to a slot. */
export const giving = (fields: readonly Field[], { field = "*", kind }: Slot, value: Value): Field[] =>
  fields.filter((each) => each.name === field && isSameAs(value, each.value, kind));

/** By condition of a slot, the fields of an entry that meet it. */
export const meeting = (fields: readonly Field[], { where = {} }: Slot): Field[][] =>
  Object.entries(where).map(([name, wanted]) => fields.filter((each) => each.name === name && each.value === wanted));
