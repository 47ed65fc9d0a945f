import type { FieldRole, Step, ToolFacts } from "@mh/contract/values/provenance.ts";
import { bounds } from "./bounds.ts";
import { wordsIn } from "./kinds.ts";

/** One entry of an output: a record of a list, or the whole of what is no list. */
export interface Row {
  step: Pick<Step, "id" | "facts">;
  fields: readonly Field[];
  /** Every text in it was written by the owner. */
  isOwn: boolean;
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
export function* rowsOf({ id, facts, output }: Step, allowance: Allowance, isFound = false): Generator<Row> {
  for (const entry of entriesOf(output)) {
    if (isSpent(allowance)) return;
    yield { ...rowOf({ id, facts }, leaves(entry, "", allowance)), isFound };
  }
}

function rowOf(step: Row["step"], values: readonly Leaf[]): Omit<Row, "isFound"> {
  const { author, origins, writers, output } = step.facts;
  const fields = values.map(({ path, value }): Field => {
    const name = path.includes("[") ? path.replaceAll(/\[\d+\]/g, "") : path;
    return { name: name === "" ? "*" : name, role: roleOf(step.facts, name), value, isListed: path.includes("[") };
  });
  const isBy = author !== undefined && fields.some(({ name, value }) => name === author && isSelf(value));
  // Where a row says itself where it came from, that is what it is.
  const from = fields.filter(({ name }) => name === (origins ?? "origins"));
  if (from.length > 0 && !isOwners(from)) return { step, fields, isOwn: false };
  return { step, fields, isOwn: isBy || from.length > 0 || writers === "self" || output === "trusted" };
}

function roleOf({ fields }: ToolFacts, name: string): FieldRole {
  return fields[name === "" ? "*" : name] ?? fields["*"] ?? "text";
}

/** Lists of records, wherever in the answer they stand: `{ messages: [{…}, …], more: false }` has those of `messages`. */
function entriesOf(output: unknown): unknown[] {
  if (Array.isArray(output)) return output;
  if (typeof output !== "object" || output === null) return output === undefined || output === null ? [] : [output];
  const lists = Object.values(output).filter((value) => Array.isArray(value) && value.some(isRecord));
  return lists.length > 0 ? lists.flat() : [output];
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** The account that reads calls itself so. */
export const isSelf = (value: unknown): boolean => /^(me|self|you|owner)$/i.test(String(value));
const isOwners = (fields: readonly Field[]): boolean =>
  fields.length > 0 && fields.every(({ value }) => value === "owner");

/** Words of a field. */
export const fieldWords = ({ value }: Field): string[] => wordsIn(String(value));
