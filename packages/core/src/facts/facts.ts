import type { Fact, MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Transaction } from "../journal/transaction.ts";
import { entityKey } from "../memory/project.ts";
import { draftOf, type MemoryDeps, store } from "../memory/store.ts";
import type { Database } from "../ports/database.ts";
import { conflict, isManyValued, type Stated, type StatedRecord, singleValuedSql } from "./standing.ts";

/** What a fact says, as a sentence of its three parts. */
export const factText = ({ subject, predicate, object }: Pick<Fact, "subject" | "predicate" | "object">): string =>
  `${subject} — ${predicate}: ${object}`;

/** Live facts about a subject. Revoked ones are left out. */
export function factsAbout(db: Database, subject: string, predicate?: string): StatedRecord[] {
  return records(
    db,
    `f.subject_key = ? AND f.status <> 'revoked' ${predicate ? "AND f.predicate = ?" : ""}`,
    ...[entityKey(subject), ...(predicate ? [predicate] : [])],
  );
}

/** Facts that name somebody or something at either end; revoked ones only where they are asked for. */
export function factsWith(db: Database, keys: readonly string[], revoked = false): StatedRecord[] {
  const among = "IN (SELECT value FROM json_each(?))";
  const list = JSON.stringify(keys);
  const live = revoked ? "" : "f.status <> 'revoked' AND ";
  return records(db, `${live}(f.subject_key ${among} OR f.object_key ${among})`, list, list);
}

/** Facts that rest on memories, revoked ones as well. */
export const sourcedFacts = (db: Database): StatedRecord[] =>
  records(db, "json_array_length(m.record, '$.fact.sources') > 0");

/** The facts that were told last, the latest first. */
export function latestFacts(db: Database, limit: number): StatedRecord[] {
  const sql = `SELECT m.record FROM memories m JOIN facts f ON f.memory = m.rowid
    WHERE m.kind = 'semantic' AND f.status <> 'revoked' ORDER BY m.id DESC LIMIT ?`;
  return (db.prepare(sql).all(limit) as { record: string }[]).map(({ record }) => JSON.parse(record));
}

/**
 * What was on record of somebody or something at an instant, at either end: the revision of each fact that was the last by
 * then, as far as it was not taken out. Facts that were forgotten since are in no answer.
 */
export function factsOnRecord(db: Database, keys: readonly string[], recordedMs: number): StatedRecord[] {
  const among = "IN (SELECT value FROM json_each(:keys))";
  const sql = `SELECT last.record FROM (
      SELECT id FROM fact_revisions WHERE subject_key ${among} UNION SELECT id FROM fact_revisions WHERE object_key ${among}
    ) named JOIN fact_revisions last ON last.id = named.id AND last.rev = (
      SELECT max(rev) FROM fact_revisions WHERE id = named.id AND recorded_ms <= :at
    ) WHERE last.record IS NOT NULL AND (last.subject_key ${among} OR last.object_key ${among}) ORDER BY last.id`;
  const rows = db.prepare(sql).all({ keys: JSON.stringify(keys), at: recordedMs }) as { record: string }[];
  return rows.map(({ record }) => JSON.parse(record));
}

function records(db: Database, where: string, ...params: unknown[]): StatedRecord[] {
  const sql = `SELECT m.record FROM facts f JOIN memories m ON m.rowid = f.memory WHERE ${where} ORDER BY m.id`;
  return (db.prepare(sql).all(...params) as { record: string }[]).map(({ record }) => JSON.parse(record));
}

/** Live facts that cannot hold together with this one. */
export function contradictions(db: Database, stated: Stated, except: readonly string[] = []): StatedRecord[] {
  if (isManyValued(stated.fact.predicate)) return [];
  const { subject, predicate } = stated.fact;
  return factsAbout(db, subject, predicate).filter((other) => !except.includes(other.id) && conflict(stated, other));
}

const contradictionsMax = 100;

/** Pairs of live facts that cannot hold together, the earlier one first. */
export function contradictionsIn(db: Database): [StatedRecord, StatedRecord][] {
  const sql = `SELECT ma.record AS a, mb.record AS b FROM facts fa
    JOIN facts fb ON fb.subject_key = fa.subject_key AND fb.predicate = fa.predicate AND fb.object_key <> fa.object_key
    JOIN memories ma ON ma.rowid = fa.memory JOIN memories mb ON mb.rowid = fb.memory
    WHERE ma.id < mb.id AND fa.status <> 'revoked' AND fb.status <> 'revoked' AND ${singleValuedSql("fa.predicate")}
      AND coalesce(fa.valid_from, '') < coalesce(fb.valid_to, '9999-99')
      AND coalesce(fb.valid_from, '') < coalesce(fa.valid_to, '9999-99') ORDER BY ma.id, mb.id`;
  const found: [StatedRecord, StatedRecord][] = [];
  for (const row of db.prepare(sql).iterate() as Iterable<{ a: string; b: string }>) {
    const pair: [StatedRecord, StatedRecord] = [JSON.parse(row.a), JSON.parse(row.b)];
    if (conflict(...pair)) found.push(pair);
    if (found.length === contradictionsMax) break;
  }
  return found;
}

/** A new revision of a fact: what it states changes, what it rests on stays. */
export function reviseFact(
  tx: Transaction,
  deps: MemoryDeps,
  commandId: string,
  earlier: MemoryRecord,
  changes: Partial<Fact>,
): MemoryRecord {
  const fact = { ...(earlier.fact as Fact), ...changes };
  return store(tx, deps, commandId, { ...draftOf(earlier), fact, content: factText(fact) }, earlier);
}
