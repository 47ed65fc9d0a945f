import type { Database } from "../ports/database.ts";

const keptMs = 90 * 24 * 3_600_000;
const atOnceMax = 1_000;

/**
 * Names of objects that nothing can need any more, at most a thousand: payloads of questions answered or lapsed 90 days
 * ago, and what stood in a file before it was changed so long ago, once a later change has taken that one's place. Undoing
 * reaches back 30 days. Whatever else names the same bytes keeps them.
 */
export function outlivedObjects(db: Database, now: number, isThere: (object: string) => boolean): string[] {
  const rows = db.prepare(sql).all({ cutoff: now - keptMs }) as { object: string }[];
  const found: string[] = [];
  for (const { object } of rows) {
    if (isThere(object)) found.push(object);
    if (found.length === atOnceMax) break;
  }
  return found;
}

const sql = `
WITH changes AS MATERIALIZED (
  SELECT number, ms, status, value ->> 'file' AS file, value ->> 'before' AS before
  FROM deeds, json_each(deeds.files) WHERE files <> '[]'
),
latest AS (SELECT file, max(number) AS number FROM changes GROUP BY file),
old AS (
  SELECT object FROM approvals
    WHERE (status <> 'open' AND answered_ms < :cutoff) OR (status = 'open' AND expires_ms < :cutoff)
  UNION SELECT before FROM changes WHERE ms < :cutoff AND before IS NOT NULL
),
needed AS (
  SELECT object FROM approvals
    WHERE NOT ((status <> 'open' AND answered_ms < :cutoff) OR (status = 'open' AND expires_ms < :cutoff))
  UNION SELECT before FROM changes WHERE (ms >= :cutoff OR status = 'begun') AND before IS NOT NULL
  UNION SELECT before FROM changes JOIN latest USING (file, number) WHERE before IS NOT NULL
  UNION SELECT file FROM changes
  UNION SELECT file FROM expected_files
  UNION SELECT object FROM agents
  UNION SELECT object FROM policies
  UNION SELECT object FROM decisions
  UNION SELECT object FROM held_notices
  UNION SELECT push FROM devices WHERE push IS NOT NULL
)
SELECT object FROM old WHERE object <> '' EXCEPT SELECT object FROM needed ORDER BY object`;
