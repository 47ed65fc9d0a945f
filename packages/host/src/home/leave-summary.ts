import { damageOf, noteCounted } from "@mh/core/history/missing-lines.ts";
import { type Allowance, allowance } from "@mh/core/kernel/allowance.ts";
import type { Config } from "@mh/core/model/config.ts";
import { moneyWords } from "@mh/core/model/money.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { writeSummary } from "./summary.ts";

/** Leaves behind what `mh status` shows. `db` is the writer's own connection, with nothing under way any more. */
export function leaveSummary(
  root: string,
  db: Database,
  seen: { records: number; pendingRules: number; interrupted: number; now: number; config: Config },
): void {
  const { memories, approvals, spent, shared } = countsOf(db, seen.config, seen.now);
  const { currency } = seen.config.spend;
  const paid = spent.reduce((sum, { minor }) => sum + minor, 0);
  writeSummary(root, {
    at: new Date(seen.now).toISOString(),
    memories,
    records: seen.records,
    questions: approvals,
    pendingRules: seen.pendingRules,
    interrupted: seen.interrupted,
    missing: missingIn(db),
    ...(spent.length > 0 && { spent, tokensLeft: shared.left.tokens }),
    ...(paid > 0 && { paid: moneyWords(paid, currency), moneyLeft: moneyWords(shared.left.minor, currency) }),
  });
  noteCounted(db);
}

/** What `mh status` counts. */
export function countsOf(
  db: Database,
  config: Config,
  now: number,
): { memories: number; approvals: number; spent: Allowance["each"] } & Pick<Allowance, "reserved" | "shared"> {
  const count = (sql: string, ...params: unknown[]) => (db.prepare(sql).get(...params) as { n: number }).n;
  const { each, reserved, shared } = allowance(db, config, now);
  return {
    memories: count("SELECT memories AS n FROM memory_total"),
    ...{ spent: each, reserved, shared },
    approvals: count("SELECT count(*) AS n FROM approvals WHERE status = 'open' AND expires_ms > ?", now),
  };
}

function missingIn(db: Database): number {
  const { lines, unknown, documents } = damageOf(db);
  return lines.length + documents.length + unknown.reduce((sum, each) => sum + each.lines, 0);
}
