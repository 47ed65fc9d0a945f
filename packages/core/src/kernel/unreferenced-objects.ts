import type { Database } from "../ports/database.ts";
import type { TableSet } from "./tables.ts";

const keptMs = 90 * 24 * 3_600_000;
const atOnceMax = 1_000;

/**
 * Names of objects that nothing can need any more, at most a thousand: payloads of approval requests answered or lapsed
 * 90 days ago, and what stood in a file before it was changed so long ago, once a later change has taken that one's
 * place. Undoing reaches back 30 days. Whatever else names the same bytes keeps them.
 */
export function unreferencedObjects(
  db: Database,
  tables: readonly TableSet[],
  now: number,
  isThere: (object: string) => boolean,
): string[] {
  const rows = db.prepare(sqlFor(tables)).all({ cutoff: now - keptMs }) as { object: string }[];
  const found: string[] = [];
  for (const { object } of rows) {
    if (isThere(object)) found.push(object);
    if (found.length === atOnceMax) break;
  }
  return found;
}

const sqlFor = (tables: readonly TableSet[]) => `
WITH texts AS MATERIALIZED (
  SELECT number, ms, status, value ->> 'file' AS file, value ->> 'before' AS before
  FROM changes, json_each(changes.files) WHERE files <> '[]'
),
latest AS (SELECT file, max(number) AS number FROM texts GROUP BY file),
old AS (
  SELECT object FROM approvals
    WHERE (status <> 'open' AND answered_ms < :cutoff) OR (status = 'open' AND expires_ms < :cutoff)
  UNION SELECT before FROM texts WHERE ms < :cutoff AND before IS NOT NULL
  UNION SELECT value FROM commands WHERE value IS NOT NULL AND ended_ms < :cutoff
),
needed AS (
  SELECT object FROM approvals
    WHERE NOT ((status <> 'open' AND answered_ms < :cutoff) OR (status = 'open' AND expires_ms < :cutoff))
  UNION SELECT before FROM texts WHERE (ms >= :cutoff OR status = 'begun') AND before IS NOT NULL
  UNION SELECT before FROM texts JOIN latest USING (file, number) WHERE before IS NOT NULL
  UNION SELECT file FROM texts
  UNION SELECT value FROM commands WHERE value IS NOT NULL AND ended_ms >= :cutoff
  ${tables.flatMap(({ objects = [] }) => objects.map((select) => `UNION ${select}`)).join("\n  ")}
)
SELECT object FROM old WHERE object <> '' EXCEPT SELECT object FROM needed ORDER BY object`;
