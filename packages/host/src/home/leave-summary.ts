import { damageOf, noteCounted } from "@mh/core/history/missing-lines.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { writeSummary } from "./summary.ts";

/** Leaves behind what `mh status` shows. `db` is the writer's own connection, with nothing under way any more. */
export function leaveSummary(
  root: string,
  db: Database,
  seen: { records: number; pendingRules: number; interrupted: number; now: number },
): void {
  const count = (sql: string, ...params: unknown[]) => (db.prepare(sql).get(...params) as { n: number }).n;
  writeSummary(root, {
    at: new Date(seen.now).toISOString(),
    memories: count("SELECT memories AS n FROM memory_total"),
    records: seen.records,
    questions: count("SELECT count(*) AS n FROM approvals WHERE status = 'open' AND expires_ms > ?", seen.now),
    pendingRules: seen.pendingRules,
    interrupted: seen.interrupted,
    missing: missingIn(db),
  });
  noteCounted(db);
}

function missingIn(db: Database): number {
  const { lines, unknown, documents } = damageOf(db);
  return lines.length + documents.length + unknown.reduce((sum, each) => sum + each.lines, 0);
}
