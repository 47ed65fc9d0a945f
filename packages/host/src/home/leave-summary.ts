import { moneyWords } from "@mh/contract/values/money.ts";
import { damageOf, noteCounted } from "@mh/core/history/missing-lines.ts";
import { allowance, spentLately } from "@mh/core/kernel/allowance.ts";
import { clockJumps } from "@mh/core/kernel/clock-jumps.ts";
import { weekMs } from "@mh/core/kernel/rates.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { type Summary, writeSummary } from "./summary.ts";

/** Leaves behind what `mh status` shows. `db` is the writer's own connection, with nothing under way any more. */
export function leaveSummary(
  root: string,
  db: Database,
  seen: {
    records: number;
    pendingRules: number;
    interrupted: number;
    now: number;
    config: Config;
    isEncrypted: boolean;
  },
): void {
  const { memories, approvals } = countsOf(db, seen.now);
  writeSummary(root, {
    at: new Date(seen.now).toISOString(),
    memories,
    records: seen.records,
    questions: approvals,
    pendingRules: seen.pendingRules,
    interrupted: seen.interrupted,
    missing: missingIn(db),
    ...lateJump(db, seen.now),
    // Whose they are is said by name.
    ...(!seen.isEncrypted && spentIn(db, seen.config, seen.now)),
  });
  noteCounted(db);
}

/** Every command that opens a home passes here: the sums, and the words for money, are made only where there is something to sum. */
function spentIn(db: Database, config: Config, now: number): Partial<Summary> {
  if (spentLately(db, now).length === 0) return {};
  const { spent, shared } = allowance(db, config, now);
  const { currency } = config.spend;
  const paid = spent.reduce((sum, { minor }) => sum + minor, 0);
  return {
    ...{ spent, tokensLeft: shared.left.tokens },
    ...(paid > 0 && { paid: moneyWords(paid, currency), moneyLeft: moneyWords(shared.left.minor, currency) }),
  };
}

function lateJump(db: Database, now: number): Pick<Summary, "clock"> {
  const jump = clockJumps(db).at(-1);
  if (!jump || Math.abs(now - jump.to_ms) > weekMs) return {};
  return { clock: { fromMs: jump.from_ms, toMs: jump.to_ms } };
}

/** What `mh status` counts. */
export function countsOf(db: Database, now: number): { memories: number; approvals: number } {
  const count = (sql: string, ...params: unknown[]) => (db.prepare(sql).get(...params) as { n: number }).n;
  return {
    memories: count("SELECT memories AS n FROM memory_total"),
    approvals: count("SELECT count(*) AS n FROM approvals WHERE status = 'open' AND expires_ms > ?", now),
  };
}

function missingIn(db: Database): number {
  const { lines, unknown, documents } = damageOf(db);
  return lines.length + documents.length + unknown.reduce((sum, each) => sum + each.lines, 0);
}
