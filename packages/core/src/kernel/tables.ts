import type { Entry } from "@mh/contract/values/record.ts";
import type { Database } from "../ports/database.ts";

/** Takes one journal entry into tables. `now` is the record's own time, in milliseconds. */
export type Fold = (db: Database, entry: Entry, now: number) => void;

/**
 * What rows of a table are worth to a program that can write one. Rows that give rights are sealed with a key (`rights-seal.ts`):
 * one that the journal does not know counts for nothing. `rightsWhile` says which do, for rows called by a name.
 */
export type Gives = "rights" | "nothing" | { rightsWhile: (row: string) => string };

/**
 * Tables that one part of the product folds from the journal: a cache, made anew from the records alone. A set is made
 * anew by itself when its version rises, and the others stay.
 */
export interface TableSet {
  /** The part that they belong to, as in `agents`. */
  name: string;
  /** Raise it when the schema or a fold changes. */
  version: number;
  /** `CREATE TABLE` and `CREATE INDEX` statements; what they create belongs to this set alone. */
  schema: string;
  /** Says of each of its tables whether a row gives somebody a right. What is not named does. */
  gives: Readonly<Record<string, Gives>>;
  folds: Partial<Record<Entry["phase"], Fold>>;
  /** Queries of one column each: names of objects that the rows still need. Garbage collection leaves those alone. */
  objects?: readonly string[];
}

/** Takes an entry into every set, in order. */
export function foldInto(sets: readonly TableSet[], db: Database, entry: Entry, now: number): void {
  for (const { folds } of sets) folds[entry.phase]?.(db, entry, now);
}

/** Names of the tables that a set creates. */
export const tablesOf = ({ schema }: TableSet): string[] =>
  [...schema.matchAll(/\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)/gi)].map(([, name]) => name as string);
