import type { Amount } from "@mh/contract/values/effect.ts";
import { minorOf } from "@mh/contract/values/money.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import type { Config } from "../model/config.ts";
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
export const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;

/** Takes an intent into the buckets. */
export function foldRate(db: Database, entry: Entry, now: number): void {
  const { amount, tokens } = entry.request?.[0] ?? {};
  const along = payersOf(entry);
  if (amount || tokens) {
    const reserve = db.prepare("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?)");
    for (const [n, payer] of along.entries())
      reserve.run(entry.id, now, payer, amount?.minor ?? 0, tokens ?? 0, n === 0 ? 0 : 1);
    db.prepare("DELETE FROM payments WHERE ms < ?").run(now - weekMs);
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

/** Undefined where the outcome does not know. */
export const spentIn = ({ body }: Pick<Entry, "body">): Spent | undefined => spentSchema.safeParse(body?.spent).data;

/** Takes what an outcome knows of the cost in the place of what was reserved. */
export function foldSpent(db: Database, entry: Entry): void {
  const spent = spentIn(entry);
  if (!spent) return;
  db.prepare("UPDATE payments SET minor = ?, tokens = ? WHERE id = ?").run(spent.minor, spent.tokens, entry.id);
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
  if (!amount && tokens === 0) return undefined;
  const limits = limitsOf(spend);
  const [day, own] = [paidIn(db, now - dayMs), paidIn(db, now - dayMs, "principal = ?", principal)];
  const tokensLeft = Math.min(limits.day.tokens - day.tokens, limits.each.tokens - own.tokens);
  if (tokens > tokensLeft && tokens > 0) return -1;
  if (!amount) return undefined;
  if (amount.currency !== spend.currency) return -1;
  const left = Math.min(
    limits.day.minor - day.minor,
    limits.week - paidIn(db, now - weekMs).minor,
    limits.each.minor - own.minor,
  );
  return Math.floor(left - amount.minor);
}

/** What the owner pays is theirs. */
const isOther = "caused = 0 AND principal <> 'owner' AND principal NOT LIKE 'owner/%'";

/** What was paid and used since then, by everyone but the owner or as `where` says. */
export function paidIn(db: Database, sinceMs: number, where = isOther, ...params: unknown[]): Spent {
  const sql = `SELECT coalesce(sum(minor), 0) AS minor, coalesce(sum(tokens), 0) AS tokens
    FROM payments WHERE ms > ? AND ${where}`;
  return db.prepare(sql).get(sinceMs, ...params) as Spent;
}

/** In a day, together and each, and the money of a week. */
export function limitsOf(spend: Config["spend"]): { day: Spent; each: Spent; week: number } {
  const minor = (units: number) => Math.round(minorOf(units, spend.currency));
  return {
    day: { tokens: spend.tokensPerDay, minor: minor(spend.perDay) },
    each: { tokens: spend.tokensPerDayEach, minor: minor(spend.perDayEach) },
    week: minor(spend.perWeek),
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
