import { damageOf, noteCounted } from "@mh/core/history/missing-lines.ts";
import { spentLately } from "@mh/core/kernel/rates.ts";
import { moneyWords } from "@mh/core/model/money.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { writeSummary } from "./summary.ts";

/** Leaves behind what `mh status` shows. `db` is the writer's own connection, with nothing under way any more. */
export function leaveSummary(
  root: string,
  db: Database,
  seen: { records: number; pendingRules: number; interrupted: number; now: number; currency: string },
): void {
  const { memories, approvals, spent } = countsOf(db, seen.now);
  const paid = spent.reduce((sum, { minor }) => sum + minor, 0);
  writeSummary(root, {
    at: new Date(seen.now).toISOString(),
    memories,
    records: seen.records,
    questions: approvals,
    pendingRules: seen.pendingRules,
    interrupted: seen.interrupted,
    missing: missingIn(db),
    ...(spent.length > 0 && { spent }),
    ...(paid > 0 && { paid: moneyWords(paid, seen.currency) }),
  });
  noteCounted(db);
}

/** What `mh status` counts. */
export function countsOf(
  db: Database,
  now: number,
): { memories: number; approvals: number; spent: ReturnType<typeof spentLately> } {
  const count = (sql: string, ...params: unknown[]) => (db.prepare(sql).get(...params) as { n: number }).n;
  return {
    memories: count("SELECT memories AS n FROM memory_total"),
    spent: spentLately(db, now),
    approvals: count("SELECT count(*) AS n FROM approvals WHERE status = 'open' AND expires_ms > ?", now),
  };
}

function missingIn(db: Database): number {
  const { lines, unknown, documents } = damageOf(db);
  return lines.length + documents.length + unknown.reduce((sum, each) => sum + each.lines, 0);
}
