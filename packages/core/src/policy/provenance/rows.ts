import type { FieldRole, Step, ToolFacts } from "@mh/contract/values/provenance.ts";
import { bounds } from "./bounds.ts";
import { entriesOf, keyField } from "./entries.ts";
import { wordsIn } from "./kinds.ts";

/** One entry of an output: a record of a list, or the whole of what is no list. */
export interface Row {
  step: Pick<Step, "id" | "facts">;
  fields: readonly Field[];
  /** The owner is its author, or nobody else writes where it stands. */
  isOwn: boolean;
  /** No text in it is of others: that the owner is its author does not say so, where others write, too. */
  isOwnText: boolean;
  /** A question of the owner's found it; what another's found describes nothing, and can only be mistaken for it. */
  isFound: boolean;
}

export interface Field {
  name: string;
  role: FieldRole;
  value: string | number | boolean;
  /** It stands in a list of the row. */
  isListed: boolean;
}

export interface Leaf {
  path: string;
  value: string | number | boolean;
}

/** How much may be looked at, and whether that was all. */
export interface Allowance {
  leaves: number;
  chars: number;
  /** The first that was one too many. */
  left?: Leaf;
}

// A key that is no plain name says something itself: `{ "eve@evil.example": true }`.
const plainKey = /^[\p{L}_$][\p{L}\p{N}_$-]{0,63}$/u;

/**
 * The values at the ends of a structure, and its keys where they are values: as many as are allowed, and no deeper than
 * values stand that anybody reads. The allowance says what was left out.
 */
export function leaves(value: unknown, path: string, allowance: Allowance): Leaf[] {
  const all: Leaf[] = [];
  const take = (at: string, each: Leaf["value"]): void => {
    allowance.leaves -= 1;
    allowance.chars -= typeof each === "string" ? each.length : 8;
    if (isSpent(allowance)) allowance.left ??= { path: at, value: each };
    else all.push({ path: at, value: each });
  };
  const walk = (each: unknown, at: string, depth: number): void => {
    if (each === null || each === undefined || isSpent(allowance)) return;
    if (typeof each !== "object") {
      if (typeof each === "string" || typeof each === "number" || typeof each === "boolean") take(at, each);
      return;
    }
    if (depth >= bounds.depth) {
      allowance.leaves = -1;
      allowance.left ??= { path: at, value: "…" };
      return;
    }
    if (Array.isArray(each)) {
      for (let n = 0; n < each.length && !isSpent(allowance); n += 1) walk(each[n], `${at}[${n}]`, depth + 1);
      return;
    }
    for (const [key, item] of Object.entries(each)) {
      if (!plainKey.test(key)) take(at, key);
      walk(item, at === "" ? key : `${at}.${key}`, depth + 1);
    }
  };
  walk(value, path, 0);
  return all;
}

export const isSpent = ({ leaves, chars }: Allowance): boolean => leaves < 0 || chars < 0;

/** Lists of texts, wherever in the answer they stand. */
export function plainLists(value: unknown, depth = 0): string[][] {
  if (typeof value !== "object" || value === null || depth >= bounds.depth) return [];
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) return [value];
  return Object.values(value).flatMap((each) => plainLists(each, depth + 1));
}

/** The rows of an output by its declared fields. A list of plain values is a list of rows with the one field `*`. */
export function* rowsOf({ id, facts, output }: Step, allowance: Allowance, reading: Reading): Generator<Row> {
  for (const { value, list } of entriesOf(output, facts)) {
    if (isSpent(allowance)) return;
    yield rowOf({ id, facts }, fieldsOf(facts, list, leaves(value, "", allowance)), reading);
  }
}

/** By whom an answer was asked for, and who that is. */
export interface Reading {
  /** The question was the owner's. */
  isFound: boolean;
  /** Whether a value is an address of the owner's own. */
  isSelf(value: unknown): boolean;
}

function rowOf(step: Row["step"], fields: readonly Field[], { isFound, isSelf: isOwnAddress }: Reading): Row {
  const { author, origins, writers, output } = step.facts;
  // The system authenticated whose address it is, or it is a text like any other.
  const isBy = fields.some(
    ({ name, role, value }) => name === author && (isSelf(value) || (role === "party" && isOwnAddress(value))),
  );
  // Where a row says itself where it came from, that is what it is.
  const from = fields.filter(({ name }) => name === (origins ?? "origins"));
  if (from.length > 0 && !isOwners(from)) return { step, fields, isOwn: false, isOwnText: false, isFound };
  const isOwnText = from.length > 0 || writers === "self" || output === "trusted";
  return { step, fields, isFound, isOwn: isBy || isOwnText, isOwnText };
}

function fieldsOf(facts: ToolFacts, list: string, values: readonly Leaf[]): Field[] {
  return values.map(({ path, value }): Field => {
    const name = fieldAt(path);
    return { name, role: roleOf(facts, name, list), value, isListed: path.includes("[") };
  });
}

/** The name of the field at a path: a list has one, and `*` is that of a plain value. */
export const fieldAt = (path: string): string => (path.includes("[") ? path.replaceAll(/\[\d+\]/g, "") : path) || "*";

/** What a declaration says of the entries of a list, it may say by the name of the list: `comments.author`. */
function roleOf({ fields }: ToolFacts, name: string, list: string): FieldRole {
  if (list !== "" && Object.keys(fields).some((field) => field.startsWith(`${list}.`)))
    return fields[`${list}.${name}`] ?? "text";
  // By what a record is kept, the system finds it again.
  if (name === keyField) return fields[keyField] ?? "record";
  return fields[name] ?? fields["*"] ?? "text";
}

/** Which kind of id a field of a skill's answers hands out. */
export const idKindOf = ({ ids }: ToolFacts, field: string): string | undefined =>
  typeof ids === "object" ? (Object.hasOwn(ids, field) ? ids[field] : undefined) : ids;

/** What a row is itself: of several kinds of ids its own comes first. */
export const ownKindOf = ({ ids }: ToolFacts): string | undefined =>
  typeof ids === "object" ? Object.values(ids)[0] : ids;

/** Whether two rows say the same: one entry, read twice. */
export function isSameRow(a: Row, b: Row): boolean {
  if (a === b) return true;
  return (
    a.fields.length === b.fields.length &&
    a.fields.every(({ name, value }, n) => name === b.fields[n]?.name && value === b.fields[n]?.value)
  );
}

/** The account that reads calls itself so. */
export const isSelf = (value: unknown): boolean => /^(me|self|you|owner)$/i.test(String(value));
const isOwners = (fields: readonly Field[]): boolean =>
  fields.length > 0 && fields.every(({ value }) => value === "owner");

/** Words of a field. */
export const fieldWords = ({ value }: Field): string[] => wordsIn(String(value));
