import type { FieldRole, Step } from "@mh/contract/values/provenance.ts";
import { canonicalOf, wordsIn } from "./kinds.ts";

/** One entry of an output: a record of a list, or the whole of what is no list. */
export interface Row {
  step: Step;
  fields: readonly Field[];
  /** Every text in it was written by the owner. */
  isOwn: boolean;
}

export interface Field {
  name: string;
  role: FieldRole;
  value: string | number | boolean;
}

export interface Leaf {
  path: string;
  value: string | number | boolean;
}

const leavesMax = 20_000;

// A key that is no plain name says something itself: `{ "eve@evil.example": true }`.
const plainKey = /^[\p{L}_$][\p{L}\p{N}_$-]{0,63}$/u;

/** The values at the ends of a structure, and its keys where they are values. */
export function leaves(value: unknown, path = "", most = leavesMax): Leaf[] {
  const all: Leaf[] = [];
  const walk = (each: unknown, at: string): void => {
    if (all.length >= most || each === null || each === undefined) return;
    if (Array.isArray(each)) for (const [n, item] of each.entries()) walk(item, `${at}[${n}]`);
    else if (typeof each === "object")
      for (const [key, item] of Object.entries(each)) {
        if (!plainKey.test(key)) all.push({ path: at, value: key });
        walk(item, at === "" ? key : `${at}.${key}`);
      }
    else if (typeof each === "string" || typeof each === "number" || typeof each === "boolean")
      all.push({ path: at, value: each });
  };
  walk(value, path);
  return all;
}

/** Lists of texts, wherever in the answer they stand. */
export function plainLists(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) return [value];
  return Object.values(value).flatMap(plainLists);
}

/** The rows of an output by its declared fields. A list of plain values is a list of rows with the one field `*`. */
export function rowsOf(step: Step): Row[] {
  const { fields, author, writers, origins, output } = step.facts;
  return entriesOf(step.output).map((entry) => {
    const values: Field[] = leaves(entry).map(({ path, value }) => {
      const name = path.replaceAll(/\[\d+\]/g, "");
      return { name: name === "" ? "*" : name, role: fields[name === "" ? "*" : name] ?? fields["*"] ?? "text", value };
    });
    const isBy = author !== undefined && values.some(({ name, value }) => name === author && isSelf(value));
    const isFrom = origins !== undefined && isOwners(values.filter(({ name }) => name === origins));
    return { step, fields: values, isOwn: isBy || isFrom || writers === "self" || output === "trusted" };
  });
}

/** Lists of records, wherever in the answer they stand: `{ messages: [{…}, …], more: false }` has those of `messages`. */
function entriesOf(output: unknown): unknown[] {
  if (Array.isArray(output)) return output;
  if (typeof output !== "object" || output === null) return output === undefined || output === null ? [] : [output];
  const lists = Object.values(output).filter((value) => Array.isArray(value) && value.some(isRecord));
  return lists.length > 0 ? lists.flat() : [output];
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const isSelf = (value: unknown): boolean => /^(me|self|you|owner)$/i.test(String(value));
const isOwners = (fields: readonly Field[]): boolean =>
  fields.length > 0 && fields.every(({ value }) => value === "owner");

/** Words of a field. */
export const fieldWords = ({ value }: Field): string[] => wordsIn(String(value));

export const sameValue = (a: unknown, b: unknown): boolean =>
  typeof a === "number" || typeof b === "number"
    ? canonicalOf(a, "amount") === canonicalOf(b, "amount")
    : canonicalOf(a, "name") === canonicalOf(b, "name");
