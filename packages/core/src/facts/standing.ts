import type { FactStanding } from "@mh/contract/facts.ts";
import type { Fact, MemoryRecord } from "@mh/contract/values/memory.ts";
import { entityKey } from "../memory/project.ts";
import { daysLater } from "../model/wall-clock.ts";

/** A fact, and when it was told. */
export interface Stated {
  at: string;
  fact: Fact;
}

/** A memory that states a fact. */
export type StatedRecord = MemoryRecord & Stated;

/** Predicates that hold of many objects at once; of every other two different objects contradict each other. */
const manyValued = new Set(
  `knows works-with works-on related-to mentions likes dislikes owns has allergic-to speaks plays studies email phone address
   chat profile website nickname also-known-as note`.split(/\s+/),
);

/** Whether two different objects of the predicate hold together, as of a relationship: `parent-of`, `member-of`. */
export const isManyValued = (predicate: string): boolean => manyValued.has(predicate) || predicate.endsWith("-of");

/** The same as a condition of SQL. */
export const singleValuedSql = (column: string): string =>
  `${column} NOT IN (${[...manyValued].map((each) => `'${each}'`).join(", ")}) AND ${column} NOT LIKE '%-of'`;

/**
 * Whether a fact ends another one: it begins after the day on which the other is known to have held. What was recorded
 * first does not matter. An end that was told is believed, and what was over by the day on which the other was told ends
 * nothing: that one was said to hold after it.
 */
export function succeeds(later: Stated, earlier: Stated): boolean {
  const { validFrom: begins, validTo: until } = later.fact;
  if (begins === undefined || earlier.fact.validTo !== undefined) return false;
  const isOver = until !== undefined && until <= earlier.at.slice(0, 10);
  return begins > knownFrom(earlier) && !isOver && mayEnd(later.fact, earlier.fact);
}

/** What somebody concluded ends nothing that was seen. */
export const mayEnd = (later: Pick<Fact, "status">, earlier: Pick<Fact, "status">): boolean =>
  later.status !== "inferred" || earlier.status === "inferred";

/** The first day on which it is known to have held. Of a beginning that was not told nothing is assumed. */
export function knownFrom({ at, fact: { validFrom, validTo } }: Stated): string {
  const told = at.slice(0, 10);
  return validFrom ?? (validTo === undefined || told < validTo ? told : daysLater(validTo, -1));
}

/** Whether two facts cannot hold together: another object on a day on which both held, and neither ends the other. */
export function conflict(a: Stated, b: Stated): boolean {
  return isRival(a.fact, b.fact) && overlap(a, b) && !succeeds(a, b) && !succeeds(b, a);
}

function isRival(a: Fact, b: Fact): boolean {
  return (
    a.predicate === b.predicate &&
    !isManyValued(a.predicate) &&
    ![a.status, b.status].includes("revoked") &&
    entityKey(a.subject) === entityKey(b.subject) &&
    entityKey(a.object) !== entityKey(b.object)
  );
}

function overlap(a: Stated, b: Stated): boolean {
  return knownFrom(a) < (b.fact.validTo ?? "9999-99") && knownFrom(b) < (a.fact.validTo ?? "9999-99");
}

/** How a fact stands on a day (YYYY-MM-DD) among others of its subject and predicate, itself or not. */
export function standingOf(
  stated: StatedRecord,
  others: readonly StatedRecord[],
  day: string,
): { standing: FactStanding; until: string | null; against: StatedRecord[] } {
  const rivals = others.filter((other) => other.id !== stated.id && isRival(stated.fact, other.fact));
  const successors = rivals.filter((other) => succeeds(other, stated)).map(({ fact }) => fact.validFrom as string);
  const until = stated.fact.validTo ?? successors.sort()[0] ?? null;
  const standing = standingOn(stated.fact, until, day);
  return { standing, until, against: rivals.filter((other) => conflict(stated, other)) };
}

function standingOn({ status, validFrom }: Fact, until: string | null, day: string): FactStanding {
  if (status === "revoked") return "revoked";
  if (validFrom !== undefined && validFrom > day) return "later";
  return until !== null && until <= day ? "before" : "now";
}
