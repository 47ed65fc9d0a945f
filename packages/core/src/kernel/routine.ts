import type { Entry } from "@mh/contract/values/record.ts";
import { canonical } from "../model/canonical.ts";
import type { Database } from "../ports/database.ts";
import { skillName } from "./registry.ts";

/**
 * Which approval requests were of one kind: the same principal, skill, effect, risk and places, asked for by the same
 * rules. Addresses stand in it as the journal writes them. `declined_offers` are kinds of which no rule is to be offered.
 */
export const routineSchema = `
CREATE TABLE asked_kinds (id TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX asked_kinds_kind ON asked_kinds (kind);
CREATE TABLE declined_offers (kind TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** A request that is a question of its own, and not the repeat of one that waits. */
export function foldAskedKind(db: Database, { id, skill = "", request, rules = [] }: Entry): void {
  const asked = request?.map(({ principal, effect, risk, scope }) => ({ principal, effect, risk, scope }));
  if (!asked) return;
  const kind = canonical({ skill: skillName(skill), asked, rules: [...rules].sort() });
  db.prepare("INSERT OR REPLACE INTO asked_kinds VALUES (?, ?)").run(id, kind);
}

const offerRef = "offer:";

/** What a `refuse` record names that declines the offer of a rule. */
export const declinedOffer = (approval: string): string => `${offerRef}${approval}`;

export function foldDeclinedOffer(db: Database, { ref = "" }: Entry): void {
  if (!ref.startsWith(offerRef)) return;
  const sql = "INSERT OR IGNORE INTO declined_offers SELECT kind FROM asked_kinds WHERE id = ?";
  db.prepare(sql).run(ref.slice(offerRef.length));
}

/** Approvals of one kind, with no refusal since. */
export interface Routine {
  /** The latest of them. */
  id: string;
  times: number;
  latest_ms: number;
}

export const routineTimes = 3;

const approvedOfKind = `approvals a JOIN asked_kinds k ON k.id = a.id
  WHERE a.status = 'approved' AND a.answered_ms > :since AND k.kind NOT IN (SELECT kind FROM declined_offers)
    AND NOT EXISTS (SELECT 1 FROM approvals r JOIN asked_kinds o ON o.id = r.id
      WHERE o.kind = k.kind AND r.status = 'refused' AND r.answered_ms >= a.answered_ms)`;

/** Kinds of requests that the owner approved at least `routineTimes` times since then, the latest first. */
export function routines(db: Database, since: number, limit: number): Routine[] {
  // Of a bare column SQLite gives the value in the row of the maximum.
  const sql = `SELECT a.id, count(*) AS times, max(a.answered_ms) AS latest_ms FROM ${approvedOfKind}
    GROUP BY k.kind HAVING times >= ${routineTimes} ORDER BY latest_ms DESC LIMIT :limit`;
  return db.prepare(sql).all({ since, limit }) as Routine[];
}

/** How often the owner approved what is of one kind with a request, that one left out. */
export function timesApproved(db: Database, id: string, since: number): number {
  const sql = `SELECT count(*) AS times FROM ${approvedOfKind}
    AND k.kind = (SELECT kind FROM asked_kinds WHERE id = :id) AND a.id <> :id`;
  return (db.prepare(sql).get({ id, since }) as { times: number }).times;
}
