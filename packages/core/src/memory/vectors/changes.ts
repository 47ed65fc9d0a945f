import type { Database } from "../../ports/database.ts";

/** What became of a memory's text. */
export type TextChange =
  | { seq: number; memory: string; gone: true }
  | { seq: number; memory: string; gone: false; textKey: string; content: string; speaker: string | null };

/** Which index it is: made anew, it counts anew. */
export const feedOf = (db: Database): string => (db.prepare("SELECT id FROM text_feed").get() as { id: string }).id;

export const lastChange = (db: Database): number =>
  (db.prepare("SELECT coalesce(max(seq), 0) AS n FROM text_changes").get() as { n: number }).n;

/** The changes of texts after a place, in order, so many at most. What assistants wrote is no evidence, and has no vectors. */
export function changesAfter(db: Database, seq: number, limit: number): { changes: TextChange[]; seq: number } {
  const rows = db
    .prepare(
      `SELECT c.seq, c.gone, m.id, m.text_key AS textKey, m.content, m.speaker FROM text_changes c
       LEFT JOIN memories m ON m.rowid = c.memory AND m.kind <> 'artifact' WHERE c.seq > ? ORDER BY c.seq LIMIT ?`,
    )
    .all(seq, limit) as ChangeRow[];
  const changes = rows.flatMap(({ seq, gone, id, textKey, content, speaker }): TextChange[] => {
    if (gone !== null) return isThere(db, gone) ? [] : [{ seq, memory: gone, gone: true }];
    return id === null ? [] : [{ seq, memory: id, gone: false, textKey, content, speaker }];
  });
  return { changes, seq: rows.at(-1)?.seq ?? seq };
}

/** The key of a memory's text as it is now; undefined where there is none. */
export function textKeyOf(db: Database, memory: string): string | undefined {
  const row = db.prepare("SELECT text_key AS k FROM memories WHERE id = ? AND kind <> 'artifact'").get(memory);
  return (row as { k: string } | undefined)?.k;
}

const isThere = (db: Database, id: string): boolean =>
  db.prepare("SELECT 1 FROM memories WHERE id = ?").get(id) !== undefined;

interface ChangeRow {
  seq: number;
  gone: string | null;
  id: string | null;
  textKey: string;
  content: string;
  speaker: string | null;
}
