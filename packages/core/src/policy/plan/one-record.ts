import { choose } from "./choose.ts";
import type { Field } from "./values.ts";

/** Fields of an entry of which one is needed, for a value of a slot or a condition on that. */
export interface Needed {
  slot: number;
  /** Which of the values that the slot takes. */
  value: number;
  fields: readonly Field[];
}

/**
 * Whether an entry has all that is needed in one record: what stands in lists of records below it belongs together only
 * within one of those. Several values of one slot may be of several.
 */
export function isInOneRecord(needed: readonly Needed[]): boolean {
  // What has the fewest fields to choose from comes first.
  const sorted = needed.toSorted((a, b) => a.fields.length - b.fields.length);
  const fits = (field: Field, chosen: readonly Field[]): boolean => {
    const each = sorted[chosen.length] as Needed;
    return chosen.every((other, n) => isApart(sorted[n] as Needed, each) || isBeside(other.path, field.path));
  };
  const fields = sorted.map((each) => each.fields);
  return choose(fields, fits) !== undefined;
}

const isApart = (a: Needed, b: Needed): boolean => a.slot === b.slot && a.value !== b.value;

/** Whether no list of records, or of lists, stands between two places. */
function isBeside(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [partsOf(a), partsOf(b)];
  const at = one.findIndex((part, n) => part !== other[n]);
  const isIndex = (part: string | undefined) => part?.startsWith("[") === true;
  if (at === -1 || !isIndex(one[at]) || !isIndex(other[at])) return true;
  return at === one.length - 1 && at === other.length - 1;
}

const partsOf = (path: string): string[] => path.match(/\[\d+\]|[^.[\]]+/g) ?? [];
