import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { dayMs, limitsOf, paidIn, type Spent, weekMs } from "./rates.ts";

/** How much of an allowance is used and left; what is under way counts as the most that it can come to. */
export interface Allowance {
  /** Reserved by commands that are under way. */
  reserved: Spent;
  /** Of everyone but the owner, together. */
  shared: { left: Spent; leftInWeek: number };
  spent: ({ principal: Principal; reserved: Spent; left: Spent | null } & Spent)[];
}

const underWay = "caused = 0 AND id IN (SELECT id FROM commands WHERE status = 'begun')";

/**
 * What is used, reserved and left in the last day, by the same sums as the verdict: of what is left to each, also what its
 * commands led others to use is gone. The owner's own counts in no allowance, and has none: `left` is null.
 */
export function allowance(db: Database, { spend }: Config, now: number): Allowance {
  const [dayAgo, limits] = [now - dayMs, limitsOf(spend)];
  const leftInWeek = Math.max(0, limits.week - paidIn(db, now - weekMs).minor);
  const together = least(less(limits.day, paidIn(db, dayAgo)), { tokens: limits.day.tokens, minor: leftInWeek });
  const leftTo = (principal: Principal): Spent =>
    least(less(limits.each, paidIn(db, dayAgo, "principal = ?", principal)), together);
  return {
    reserved: paidIn(db, dayAgo, underWay),
    shared: { left: together, leftInWeek },
    spent: spentLately(db, now).map((each) => ({
      ...each,
      reserved: paidIn(db, dayAgo, `${underWay} AND principal = ?`, each.principal),
      left: isOwner(each.principal) ? null : leftTo(each.principal),
    })),
  };
}

/** What each used of models, and paid, in the last day; who used most first. */
export function spentLately(db: Database, now: number): ({ principal: Principal } & Spent)[] {
  const sql = `SELECT principal, sum(minor) AS minor, sum(tokens) AS tokens FROM payments WHERE ms > ? AND caused = 0
    GROUP BY principal HAVING sum(minor) > 0 OR sum(tokens) > 0 ORDER BY 3 DESC, 2 DESC, 1`;
  return db.prepare(sql).all(now - dayMs) as ({ principal: Principal } & Spent)[];
}

const less = (most: Spent, used: Spent): Spent => ({
  tokens: Math.max(0, most.tokens - used.tokens),
  minor: Math.max(0, most.minor - used.minor),
});
const least = (a: Spent, b: Spent): Spent => ({
  tokens: Math.min(a.tokens, b.tokens),
  minor: Math.min(a.minor, b.minor),
});
