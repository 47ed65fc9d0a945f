import type { ToolFacts } from "@mh/contract/values/provenance.ts";

/** What the key of a record is called that an answer keeps its records by: `{ "P1": {…}, "P2": {…} }`. */
export const keyField = "$key";

type Declared = Pick<ToolFacts, "fields"> & { ids?: ToolFacts["ids"] };

interface Entry {
  value: unknown;
  /** The list that it is in, where that has a name. */
  list: string;
}

/**
 * Lists of records, wherever in the answer they stand, and what stands beside them: `{ messages: [{…}, …], folder: "A" }`
 * has those of `messages`, and one with the folder.
 */
export function entriesOf(output: unknown, facts: Declared = { fields: {} }): Entry[] {
  if (Array.isArray(output)) return output.map((value) => ({ value, list: "" }));
  if (typeof output !== "object" || output === null)
    return output === undefined || output === null ? [] : [{ value: output, list: "" }];
  const all = Object.entries(output);
  if (isKeyed(all, facts)) return all.map(([key, value]) => ({ value: { ...value, [keyField]: key }, list: "" }));
  const lists = all.filter(([, value]) => Array.isArray(value) && value.some(isRecord));
  if (lists.length === 0) return [{ value: output, list: "" }];
  const entries = lists.flatMap(([list, values]: [string, unknown[]]) => values.map((value) => ({ value, list })));
  const own = all.filter((each) => !lists.includes(each));
  return own.length === 0 ? entries : [...entries, { value: Object.fromEntries(own), list: "" }];
}

/** All that stands there is records of which the manifest speaks by the names in them, and which have ids. */
function isKeyed(
  all: readonly [string, unknown][],
  { ids, fields }: Declared,
): all is [string, Readonly<Record<string, unknown>>][] {
  const isDeclared = keyField in fields;
  if (!isDeclared && (typeof ids !== "string" || all.length < 2)) return false;
  if (all.length === 0 || !all.every(([, value]) => isRecord(value))) return false;
  const keys = new Set(all.map(([key]) => key));
  const names = Object.keys(fields);
  if (names.some((name) => keys.has(name) || keys.has(name.split(".", 1)[0] ?? ""))) return false;
  return isDeclared || all.every(([, value]) => names.some((name) => name in (value as object)));
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
