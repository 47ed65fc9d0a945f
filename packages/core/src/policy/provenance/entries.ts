interface Entry {
  value: unknown;
  /** The list that it is in, where that has a name. */
  list: string;
}

/**
 * Lists of records, wherever in the answer they stand, and what stands beside them: `{ messages: [{…}, …], folder: "A" }`
 * has those of `messages`, and one with the folder.
 */
export function entriesOf(output: unknown): Entry[] {
  if (Array.isArray(output)) return output.map((value) => ({ value, list: "" }));
  if (typeof output !== "object" || output === null)
    return output === undefined || output === null ? [] : [{ value: output, list: "" }];
  const all = Object.entries(output);
  const lists = all.filter(([, value]) => Array.isArray(value) && value.some(isRecord));
  if (lists.length === 0) return [{ value: output, list: "" }];
  const entries = lists.flatMap(([list, values]: [string, unknown[]]) => values.map((value) => ({ value, list })));
  const own = all.filter((each) => !lists.includes(each));
  return own.length === 0 ? entries : [...entries, { value: Object.fromEntries(own), list: "" }];
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
