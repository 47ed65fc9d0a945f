import type { Amount } from "@mh/contract/values/effect.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";

/**
 * What everyone but the owner did and paid lately, folded from intents: it counts from before it runs, and whatever
 * becomes of it. A payment that failed may have been taken.
 */
export const ratesSchema = `
CREATE TABLE actions (ms INTEGER NOT NULL, principal TEXT NOT NULL, args_hash TEXT NOT NULL);
CREATE INDEX actions_ms ON actions (ms);
CREATE TABLE payments (ms INTEGER NOT NULL, principal TEXT NOT NULL, minor INTEGER NOT NULL);
`;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Takes an intent into the buckets. */
export function foldRate(db: Database, entry: Entry, now: number): void {
  if (isOwner(entry.principal)) return;
  db.prepare("INSERT INTO actions VALUES (?, ?, ?)").run(now, entry.principal, entry.argsHash ?? "");
  db.prepare("DELETE FROM actions WHERE ms < ?").run(now - dayMs);
  const amount = entry.request?.[0]?.amount;
  if (!amount) return;
  db.prepare("INSERT INTO payments VALUES (?, ?, ?)").run(now, entry.principal, amount.minor);
  db.prepare("DELETE FROM payments WHERE ms < ?").run(now - 7 * dayMs);
}

/**
 * Commands left in the hour: of the bucket that all share, or of the principal's own, whichever holds less. What is
 * dated after `now` counts, so a clock that was set back refills nothing.
 */
export function rateLeft(db: Database, { rate }: Config, principal: Principal, now: number): number {
  const all = count(db, "ms > ?", now - hourMs);
  const own = count(db, "ms > ? AND principal = ?", now - hourMs, principal);
  return Math.min(rate.commandsPerHour - all, rate.commandsPerHourEach - own);
}

/** How often this very command may still be run by this principal before it looks like a loop. */
export function repeatsLeft(db: Database, { rate }: Config, principal: Principal, argsHash: string, now: number) {
  const since = now - rate.sameCommandMinutes * minuteMs;
  const same = count(db, "args_hash = ? AND ms > ? AND principal = ?", argsHash, since, principal);
  return rate.sameCommandMax - same;
}

/** What the allowance would hold once this is paid, in minor units; below 0 where it does not reach. */
export function spendLeft(db: Database, { spend }: Config, principal: Principal, amount: Amount, now: number): number {
  if (amount.currency !== spend.currency) return -1;
  const paid = (where: string, ...params: unknown[]) =>
    (db.prepare(`SELECT coalesce(sum(minor), 0) AS n FROM payments WHERE ${where}`).get(...params) as { n: number }).n;
  return (
    Math.min(
      minorOf(spend.perDay, spend.currency) - paid("ms > ?", now - dayMs),
      minorOf(spend.perWeek, spend.currency) - paid("ms > ?", now - 7 * dayMs),
      minorOf(spend.perDayEach, spend.currency) - paid("ms > ? AND principal = ?", now - dayMs, principal),
    ) - amount.minor
  );
}

/** Approval requests of this principal that may still be put to the owner. One that lapsed no longer waits. */
export function questionsLeft(db: Database, { approvals }: Config, principal: Principal, now: number): number {
  const sql = "SELECT count(*) AS n FROM approvals WHERE status = 'open' AND expires_ms > ? AND principal = ?";
  return approvals.openPerPrincipal - (db.prepare(sql).get(now, principal) as { n: number }).n;
}

function minorOf(units: number, currency: string): number {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  return Math.round(units * 10 ** (digits ?? 2));
}

function count(db: Database, where: string, ...params: unknown[]): number {
  return (db.prepare(`SELECT count(*) AS n FROM actions WHERE ${where}`).get(...params) as { n: number }).n;
}
