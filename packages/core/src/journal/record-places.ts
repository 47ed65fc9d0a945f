import type { JournalRecord } from "@mh/contract/values/record.ts";
import { idEnd, idLike } from "../model/short-id.ts";
import type { Database } from "../ports/database.ts";
import { type JournalReaderDeps, recordAt } from "./walk.ts";

/** Which numbers the records of a command have: an index over the journal, so that looking one up does not read it all. */
export const recordPlacesSchema = `
CREATE TABLE record_places (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, ref TEXT, about TEXT);
CREATE INDEX record_places_id ON record_places (id);
CREATE INDEX record_places_end ON record_places (${idEnd("id")});
CREATE INDEX record_places_ref ON record_places (ref) WHERE ref IS NOT NULL;
CREATE INDEX record_places_about ON record_places (about, seq) WHERE about IS NOT NULL;
`;

/** `about`: the right that it gives or takes. */
export function placeRecord(db: Database, { seq, id, ref }: JournalRecord, about: string | undefined): void {
  db.prepare("INSERT OR REPLACE INTO record_places VALUES (?, ?, ?, ?)").run(seq, id, ref ?? null, about ?? null);
}

/** The records before a number that are about a right, the last first. */
export function* placesOfRight(db: Database, about: string, before: number): Generator<number> {
  const sql = "SELECT seq FROM record_places WHERE about = ? AND seq < ? ORDER BY seq DESC";
  for (const row of db.prepare(sql).iterate(about, before)) yield (row as { seq: number }).seq;
}

/** The first record whose id is this one, begins with it or ends with it; else the first that gives something of that id. */
export function placeNamed(db: Database, which: string): number | undefined {
  for (const column of ["id", "ref"]) {
    const sql = `SELECT min(seq) AS seq FROM record_places WHERE ${column} IS NOT NULL AND ${idLike(column, which)}`;
    const { seq } = db.prepare(sql).get({ text: which }) as { seq: number | null };
    if (seq !== null) return seq;
  }
  return undefined;
}

/** The records of a command and of the answers to it, in order. */
export function placesAbout(db: Database, id: string): number[] {
  const sql =
    "SELECT seq FROM record_places WHERE id = ? UNION SELECT seq FROM record_places WHERE ref = ? ORDER BY seq";
  return (db.prepare(sql).all(id, id) as { seq: number }[]).map(({ seq }) => seq);
}

/** The last intent of a command. */
export function intentOf(db: Database, deps: JournalReaderDeps, id: string): JournalRecord | undefined {
  for (const seq of placesAbout(db, id).reverse()) {
    const record = recordAt(deps, seq);
    if (record?.id === id && record.phase === "intent") return record;
  }
  return undefined;
}
