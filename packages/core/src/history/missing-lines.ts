import type { Damage } from "@mh/contract/history.ts";
import type { Database } from "../ports/database.ts";

/** A line that a command wrote and that is in no file any more; `isLive` when it was what its memory says now. */
export type MissingLine = Damage["lines"][number];

export function damageOf(db: Database): Damage {
  const lines = db
    .prepare(
      `SELECT r.id, r.rev, r.file, r.cmd, coalesce(m.rev = r.rev, 0) AS live FROM revisions r
       LEFT JOIN memories m ON m.id = r.id WHERE r.missing = 1 ORDER BY r.id, r.rev`,
    )
    .all() as (Omit<MissingLine, "isLive"> & { live: number })[];
  const documents = db
    .prepare(
      `SELECT path, EXISTS (SELECT 1 FROM documents d WHERE d.path = missing_documents.path) AS kept
       FROM missing_documents ORDER BY path`,
    )
    .all() as { path: string; kept: number }[];
  return {
    lines: lines.map(({ live, ...line }) => ({ ...line, isLive: live === 1 })),
    unknown: unknownLines(db),
    documents: documents.map(({ path, kept }) => ({ path, isKept: kept === 1 })),
  };
}

/**
 * Notes that every line up to the last change was found, where that is so: the next look counts from there on. Whatever
 * takes a line out of the index takes the note away (`memory/schema.ts`).
 */
export function noteCounted(db: Database): void {
  const sql = "SELECT number, cmd FROM changes WHERE number = (SELECT max(number) FROM changes)";
  const last = db.prepare(sql).get() as { number: number; cmd: string } | undefined;
  const open = db.prepare("SELECT 1 FROM commands WHERE status = 'begun' LIMIT 1").get();
  if (!last || open || unknownLines(db).length > 0) return;
  db.prepare("DELETE FROM counted_lines").run();
  db.prepare("INSERT INTO counted_lines VALUES (?, ?)").run(last.number, last.cmd);
}

/** Commands of which fewer lines are known than they wrote. A note that names another change counts for nothing. */
function unknownLines(db: Database): Damage["unknown"] {
  const sql = `SELECT cmd, lines - found AS lines FROM (
      SELECT d.number, d.cmd, d.lines, (SELECT count(*) FROM lines l WHERE l.cmd = (SELECT number FROM line_names WHERE name = d.cmd)) +
        (SELECT count(*) FROM tombstones t WHERE t.cmd = d.cmd) AS found
      FROM changes d WHERE d.status = 'done' AND d.lines > 0 AND d.number > coalesce(
        (SELECT number FROM counted_lines WHERE cmd = (SELECT cmd FROM changes e WHERE e.number = counted_lines.number)), 0)
    ) WHERE found < lines ORDER BY number`;
  return db.prepare(sql).all() as Damage["unknown"];
}

export const isSound = ({ lines, unknown, documents }: Damage): boolean =>
  lines.length + unknown.length + documents.length === 0;
