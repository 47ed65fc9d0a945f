import type { Amount } from "@mh/contract/values/effect.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import type { Config } from "../model/config.ts";
import { minorOf } from "../model/money.ts";
import type { Database } from "../ports/database.ts";

/**
 * What everyone did, paid and used of models lately, folded from intents: it counts from before it runs, and whatever
 * becomes of it, because a payment that failed may have been taken. An outcome that knows better what it came to settles
 * that. What the owner does is no action, and counts in no allowance; what it cost is known all the same. A command counts
 * once for its principal and, as `caused`, for each other one whose command led to it: who delegates shares the allowance.
 */
export const ratesSchema = `
CREATE TABLE actions (ms INTEGER NOT NULL, principal TEXT NOT NULL, args_hash TEXT NOT NULL, caused INTEGER NOT NULL);
CREATE INDEX actions_ms ON actions (ms);
CREATE TABLE payments (id TEXT NOT NULL, ms INTEGER NOT NULL, principal TEXT NOT NULL, minor REAL NOT NULL, tokens INTEGER NOT NULL,
  caused INTEGER NOT NULL);
CREATE INDEX payments_id ON payments (id);
CREATE INDEX payments_ms ON payments (ms);
`;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Takes an intent into the buckets. */
export function foldRate(db: Database, entry: Entry, now: number): void {
  const { amount, tokens } = entry.request?.[0] ?? {};
  const along = payersOf(entry);
  if (amount || tokens) {
    const reserve = db.prepare("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?)");
    for (const [n, payer] of along.entries())
      reserve.run(entry.id, now, payer, amount?.minor ?? 0, tokens ?? 0, n === 0 ? 0 : 1);
    db.prepare("DELETE FROM payments WHERE ms < ?").run(now - 7 * dayMs);
  }
  if (isOwner(entry.principal)) return;
  const count = db.prepare("INSERT INTO actions VALUES (?, ?, ?, ?)");
  for (const [n, payer] of along.entries()) count.run(now, payer, entry.argsHash ?? "", n === 0 ? 0 : 1);
  db.prepare("DELETE FROM actions WHERE ms < ?").run(now - dayMs);
}

/** The principal first, then all others along the chain but the owner, whom nothing bounds. */
const payersOf = ({ principal, request = [] }: Entry): Principal[] => [
  principal,
  ...request.slice(1).flatMap((each) => (isOwner(each.principal) ? [] : [each.principal])),
];

const spentSchema = z.object({ minor: z.number().nonnegative(), tokens: z.number().int().nonnegative() });
/** What a command came to, as its outcome notes it under `spent`; of a cent, parts too. */
export type Spent = z.infer<typeof spentSchema>;

/** Takes what an outcome knows of the cost in the place of what was reserved. */
export function foldSpent(db: Database, { id, body }: Entry): void {
  const spent = spentSchema.safeParse(body?.spent);
  if (!spent.success) return;
  db.prepare("UPDATE payments SET minor = ?, tokens = ? WHERE id = ?").run(spent.data.minor, spent.data.tokens, id);
}

/**
 * Commands left in the hour: of the bucket that all share, or of the principal's own, whichever holds less. What is
 * dated after `now` counts, so a clock that was set back refills nothing.
 */
export function rateLeft(db: Database, { rate }: Config, principal: Principal, now: number): number {
  const all = count(db, "ms > ? AND caused = 0", now - hourMs);
  const own = count(db, "ms > ? AND principal = ?", now - hourMs, principal);
  return Math.min(rate.commandsPerHour - all, rate.commandsPerHourEach - own);
}

/** How often this very command may still be run by this principal before it looks like a loop. */
export function repeatsLeft(db: Database, { rate }: Config, principal: Principal, argsHash: string, now: number) {
  const since = now - rate.sameCommandMinutes * minuteMs;
  const same = count(db, "args_hash = ? AND ms > ? AND principal = ?", argsHash, since, principal);
  return rate.sameCommandMax - same;
}

/**
 * What the allowance would hold once this is paid, in minor units; below 0 where it, or the one of tokens, does not
 * reach. Undefined where nothing is paid and the tokens reach.
 */
export function spendLeft(
  db: Database,
  { spend }: Config,
  principal: Principal,
  { amount, tokens = 0 }: { amount?: Amount; tokens?: number },
  now: number,
): number | undefined {
  const sum = (column: "minor" | "tokens", days: number, who = isOther, ...params: unknown[]) =>
    (
      db
        .prepare(`SELECT coalesce(sum(${column}), 0) AS n FROM payments WHERE ms > ? AND ${who}`)
        .get(now - days * dayMs, ...params) as { n: number }
    ).n;
  const sumOfEach = (column: "minor" | "tokens") => sum(column, 1, "principal = ?", principal);
  const tokensLeft = () =>
    Math.min(spend.tokensPerDay - sum("tokens", 1), spend.tokensPerDayEach - sumOfEach("tokens")) - tokens;
  if (tokens > 0 && tokensLeft() < 0) return -1;
  if (!amount) return undefined;
  if (amount.currency !== spend.currency) return -1;
  const limit = (units: number) => Math.round(minorOf(units, spend.currency));
  const left = Math.min(
    limit(spend.perDay) - sum("minor", 1),
    limit(spend.perWeek) - sum("minor", 7),
    limit(spend.perDayEach) - sumOfEach("minor"),
  );
  return Math.floor(left - amount.minor);
}

/** What the owner pays is theirs. */
const isOther = "caused = 0 AND principal <> 'owner' AND principal NOT LIKE 'owner/%'";

/** What each used of models, and paid, in the last day; who used most first. */
function spentLately(db: Database, now: number): ({ principal: Principal } & Spent)[] {
  const sql = `SELECT principal, sum(minor) AS minor, sum(tokens) AS tokens FROM payments WHERE ms > ? AND caused = 0
    GROUP BY principal HAVING sum(minor) > 0 OR sum(tokens) > 0 ORDER BY 3 DESC, 2 DESC, 1`;
  return db.prepare(sql).all(now - dayMs) as ({ principal: Principal } & Spent)[];
}

/** How much of an allowance is used and left; what is under way counts as the most that it can come to. */
export interface Allowance {
  /** Reserved by commands that are under way. */
  reserved: Spent;
  /** Of everyone but the owner, together. */
  shared: { left: Spent; leftInWeek: number };
  each: ({ principal: Principal; reserved: Spent; left: Spent | null } & Spent)[];
}

/**
 * What is used, reserved and left in the last day. The owner's own counts in no allowance, and has none: `left` is null.
 * By the same sums as the verdict.
 */
export function allowance(db: Database, { spend }: Config, now: number): Allowance {
  const limit = (units: number) => Math.round(minorOf(units, spend.currency));
  const under = "JOIN commands ON commands.id = payments.id AND commands.status = 'begun'";
  const sumOf = (days: number, from: string, where: string, ...params: unknown[]) => {
    const sql = `SELECT coalesce(sum(minor), 0) AS minor, coalesce(sum(tokens), 0) AS tokens
      FROM payments ${from} WHERE ms > ? AND ${where}`;
    return db.prepare(sql).get(now - days * dayMs, ...params) as Spent;
  };
  const others = isOther.replaceAll("principal", "payments.principal");
  const less = (most: Spent, used: Spent): Spent => ({
    tokens: Math.max(0, most.tokens - used.tokens),
    minor: Math.max(0, most.minor - used.minor),
  });
  const [day, week] = [sumOf(1, "", others), sumOf(7, "", others)];
  const shared = less({ tokens: spend.tokensPerDay, minor: limit(spend.perDay) }, day);
  const leftInWeek = Math.max(0, limit(spend.perWeek) - week.minor);
  const own = { tokens: spend.tokensPerDayEach, minor: limit(spend.perDayEach) };
  return {
    reserved: sumOf(1, under, "1"),
    shared: { left: { ...shared, minor: Math.min(shared.minor, leftInWeek) }, leftInWeek },
    each: spentLately(db, now).map((each) => {
      const left = less(own, each);
      const least = {
        tokens: Math.min(left.tokens, shared.tokens),
        minor: Math.min(left.minor, shared.minor, leftInWeek),
      };
      const reserved = sumOf(1, under, "payments.principal = ?", each.principal);
      return { ...each, reserved, left: isOwner(each.principal) ? null : least };
    }),
  };
}

/**
 * Approval requests that may still be put to the owner for this principal: its own, and those of who works for it. One that
 * lapsed no longer waits.
 */
export function questionsLeft(db: Database, { approvals }: Config, principal: Principal, now: number): number {
  const sql = `SELECT count(*) AS n FROM approvals WHERE status = 'open' AND expires_ms > :now
    AND (principal = :principal OR id IN (SELECT approval FROM asked_for WHERE principal = :principal))`;
  return approvals.openPerPrincipal - (db.prepare(sql).get({ now, principal }) as { n: number }).n;
}

function count(db: Database, where: string, ...params: unknown[]): number {
  return (db.prepare(`SELECT count(*) AS n FROM actions WHERE ${where}`).get(...params) as { n: number }).n;
}
