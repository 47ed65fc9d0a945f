import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Database } from "../ports/database.ts";

/** The shortest end of an id that the index finds by itself; what is shorter looks through all of it. */
const endChars = 6;

/** Which numbers the records of a command have: an index over the journal, so that looking one up does not read it all. */
export const recordPlacesSchema = `
CREATE TABLE record_places (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, ref TEXT);
CREATE INDEX record_places_id ON record_places (id);
CREATE INDEX record_places_end ON record_places (substr(id, -${endChars}));
CREATE INDEX record_places_ref ON record_places (ref) WHERE ref IS NOT NULL;
`;

export function placeRecord(db: Database, { seq, id, ref }: JournalRecord): void {
  db.prepare("INSERT OR REPLACE INTO record_places VALUES (?, ?, ?)").run(seq, id, ref ?? null);
}

/** The first record whose id is this one, begins with it or ends with it. */
export function placeNamed(db: Database, which: string): number | undefined {
  const begins = "SELECT min(seq) AS seq FROM record_places WHERE id >= ? AND id < ?";
  const ends = which.length < endChars ? "" : `substr(id, -${endChars}) = substr(:which, -${endChars}) AND `;
  const endsSo = `SELECT min(seq) AS seq FROM record_places WHERE ${ends} substr(id, -length(:which)) = :which`;
  const found = [
    db.prepare(begins).get(which, `${which}\u{10ffff}`) as { seq: number | null },
    db.prepare(endsSo).get({ which }) as { seq: number | null },
  ].flatMap(({ seq }) => seq ?? []);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** The records of a command and of the answers to it, in order. */
export function placesAbout(db: Database, id: string): number[] {
  const sql =
    "SELECT seq FROM record_places WHERE id = ? UNION SELECT seq FROM record_places WHERE ref = ? ORDER BY seq";
  return (db.prepare(sql).all(id, id) as { seq: number }[]).map(({ seq }) => seq);
}
