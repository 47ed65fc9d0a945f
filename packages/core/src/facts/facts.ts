import type { Fact, MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Transaction } from "../journal/transaction.ts";
import { entityKey } from "../memory/project.ts";
import { type MemoryDeps, store } from "../memory/store.ts";
import type { Database } from "../ports/database.ts";

/** What a fact says, as a sentence of its three parts. */
export const factText = ({ subject, predicate, object }: Pick<Fact, "subject" | "predicate" | "object">): string =>
  `${subject} — ${predicate}: ${object}`;

/** Predicates that hold of many objects at once; of every other two different objects contradict each other. */
const manyValued = new Set(
  `knows works-with works-on friend-of member-of parent-of child-of sibling-of related-to mentions likes dislikes owns has
   speaks email phone address website nickname note`.split(/\s+/),
);

/** Live facts about a subject. Revoked ones are left out. */
export function factsAbout(db: Database, subject: string, predicate?: string): MemoryRecord[] {
  return records(
    db,
    `f.subject_key = ? AND f.status <> 'revoked' ${predicate ? "AND f.predicate = ?" : ""}`,
    ...[entityKey(subject), ...(predicate ? [predicate] : [])],
  );
}

/** Live facts that name somebody or something at either end. */
export function factsWith(db: Database, name: string): MemoryRecord[] {
  const key = entityKey(name);
  return records(db, "f.status <> 'revoked' AND (f.subject_key = ? OR f.object_key = ?)", key, key);
}

function records(db: Database, where: string, ...params: unknown[]): MemoryRecord[] {
  const sql = `SELECT m.record FROM facts f JOIN memories m ON m.rowid = f.memory WHERE ${where} ORDER BY m.id`;
  return (db.prepare(sql).all(...params) as { record: string }[]).map(({ record }) => JSON.parse(record));
}

/** Live facts that cannot hold together with this one: another object for the same predicate at the same time. */
export function contradictions(db: Database, fact: Fact, except: readonly string[] = []): MemoryRecord[] {
  if (manyValued.has(fact.predicate) || fact.status === "revoked") return [];
  return factsAbout(db, fact.subject, fact.predicate).filter(
    ({ id, fact: other }) =>
      other && !except.includes(id) && entityKey(other.object) !== entityKey(fact.object) && overlap(fact, other),
  );
}

const contradictionsMax = 100;

/** Pairs of live facts that cannot hold together, the earlier one first. */
export function contradictionsIn(db: Database): [MemoryRecord, MemoryRecord][] {
  const many = JSON.stringify([...manyValued]);
  const sql = `SELECT ma.record AS a, mb.record AS b FROM facts fa
    JOIN facts fb ON fb.subject_key = fa.subject_key AND fb.predicate = fa.predicate AND fb.object_key <> fa.object_key
    JOIN memories ma ON ma.rowid = fa.memory JOIN memories mb ON mb.rowid = fb.memory
    WHERE ma.id < mb.id AND fa.status <> 'revoked' AND fb.status <> 'revoked'
      AND fa.predicate NOT IN (SELECT value FROM json_each(?))
      AND coalesce(fa.valid_from, '') < coalesce(fb.valid_to, '9999-99')
      AND coalesce(fb.valid_from, '') < coalesce(fa.valid_to, '9999-99') ORDER BY ma.id, mb.id LIMIT ?`;
  const rows = db.prepare(sql).all(many, contradictionsMax) as { a: string; b: string }[];
  return rows.map(({ a, b }) => [JSON.parse(a), JSON.parse(b)]);
}

function overlap(a: Fact, b: Fact): boolean {
  return (a.validFrom ?? "") < (b.validTo ?? "9999-99") && (b.validFrom ?? "") < (a.validTo ?? "9999-99");
}

/** A new revision of a fact: what it states changes, what it rests on stays. */
export function reviseFact(
  tx: Transaction,
  deps: MemoryDeps,
  commandId: string,
  earlier: MemoryRecord,
  changes: Partial<Fact>,
): MemoryRecord {
  const { v, op, id, rev, cmd, recordedAt, count, ...draft } = earlier;
  const fact = { ...(earlier.fact as Fact), ...changes };
  return store(tx, deps, commandId, { ...draft, fact, content: factText(fact) }, earlier);
}
