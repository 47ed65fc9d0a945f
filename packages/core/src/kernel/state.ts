import type { ApprovalRow, ApprovalStatus } from "@mh/contract/values/approval.ts";
import type { TrustLevel } from "@mh/contract/values/effect.ts";
import type { GrantRow } from "@mh/contract/values/grant.ts";
import { initialTrust, type Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { canonical } from "../model/canonical.ts";
import type { Database } from "../ports/database.ts";
import { changesSchema, endChange, expectFile, foldChange, foldHandChange } from "./changes.ts";
import { clockJumpsSchema, foldJump } from "./clock-jumps.ts";
import { foldKept, keptSchema } from "./kept-values.ts";
import { foldPlanAct } from "./plan-acts.ts";
import { foldPlan, foldPlanEnd, foldPlanUse, plansGive, plansSchema } from "./plans.ts";
import { foldRate, foldSpent, ratesSchema } from "./rates.ts";
import { foldAskedKind, foldDeclinedOffer, routineSchema } from "./routine.ts";
import type { Fold, TableSet } from "./tables.ts";
import { foldTaskAct, taskActsSchema } from "./task-acts.ts";
import { foldWrittenLines, writtenLinesSchema } from "./written-lines.ts";

const schema = `
CREATE TABLE commands (
  id TEXT PRIMARY KEY, principal TEXT NOT NULL, skill TEXT NOT NULL, args_hash TEXT NOT NULL, cause TEXT, status TEXT NOT NULL,
  value TEXT, ended_ms INTEGER
);
CREATE INDEX commands_open ON commands (status) WHERE status = 'begun';
${keptSchema}
CREATE TABLE approvals (
  id TEXT PRIMARY KEY, principal TEXT NOT NULL, skill TEXT NOT NULL, object TEXT NOT NULL, layer TEXT NOT NULL,
  reason TEXT NOT NULL, asked_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, status TEXT NOT NULL, answered_ms INTEGER
);
CREATE INDEX approvals_open ON approvals (principal) WHERE status = 'open';
CREATE INDEX approvals_over ON approvals (coalesce(answered_ms, expires_ms)) WHERE status <> 'open';
CREATE TABLE answers (cmd TEXT PRIMARY KEY, approval TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE asked_for (approval TEXT NOT NULL, principal TEXT NOT NULL, PRIMARY KEY (principal, approval)) WITHOUT ROWID;
CREATE TABLE asked_before (id TEXT PRIMARY KEY, approval TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE grants (
  id TEXT PRIMARY KEY, principal TEXT NOT NULL, skill TEXT NOT NULL, scope TEXT NOT NULL, task TEXT,
  expires_ms INTEGER, given_ms INTEGER NOT NULL, status TEXT NOT NULL
);
CREATE INDEX grants_given ON grants (principal, skill) WHERE status = 'given';
CREATE TABLE answered_grants (id TEXT PRIMARY KEY, approval TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX answered_grants_approval ON answered_grants (approval);
CREATE TABLE trust (principal TEXT PRIMARY KEY, level TEXT NOT NULL);
${ratesSchema}
${plansSchema}
${writtenLinesSchema}
${taskActsSchema}
${routineSchema}
${clockJumpsSchema}
CREATE TABLE policies (hash TEXT PRIMARY KEY, object TEXT NOT NULL);
${changesSchema}`;

const folds: Partial<Record<Entry["phase"], Fold>> = {
  intent(db, entry, now) {
    putCommand(db, entry, "begun");
    foldKept(db, entry);
    if (entry.body?.wrote) foldChange(db, entry, now);
    if (entry.body?.wrote) foldWrittenLines(db, entry);
    foldTaskAct(db, entry, now);
    countUse(db, entry, now);
    closeApproval(db, entry.id, "approved", now);
  },
  outcome(db, entry, now) {
    if (!entry.argsHash && !knowsCommand(db, entry.id)) return;
    // It was let through and had no intent: a read that answered at once, or a change that failed before it was one.
    if (entry.request) countUse(db, entry, now);
    foldSpent(db, entry);
    putCommand(db, entry, entry.outcome?.status ?? "done");
    foldKept(db, entry);
    db.prepare("UPDATE commands SET ended_ms = ? WHERE id = ?").run(now, entry.id);
    endChange(db, entry);
    if (entry.body?.waitsAgain) waitAgain(db, entry.id);
    else closeApproval(db, entry.id, "approved", now);
  },
  deny(db, entry, now) {
    putCommand(db, entry, "denied");
    closeApproval(db, entry.id, "denied", now);
  },
  ask(db, entry, now) {
    putCommand(db, entry, "parked");
    if (entry.ref !== undefined && entry.ref !== entry.id) {
      db.prepare("INSERT OR REPLACE INTO asked_before VALUES (?, ?)").run(entry.id, entry.ref);
      return;
    }
    foldAskedKind(db, entry);
    // It counts for each whose command led to it, too: to have others ask is to ask.
    const others = db.prepare("INSERT OR REPLACE INTO asked_for VALUES (?, ?)");
    for (const { principal } of entry.request?.slice(1) ?? []) others.run(entry.id, principal);
    const { expiresAt, layer, reason } = entry.body as { expiresAt: string; layer: string; reason: string };
    db.prepare("INSERT OR REPLACE INTO approvals VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', NULL)").run(
      entry.id,
      entry.principal,
      entry.skill,
      entry.objects?.[0] ?? "",
      layer,
      reason,
      now,
      Date.parse(expiresAt),
    );
  },
  approve: (db, entry) => foldAnswer(db, entry),
  refuse(db, entry, now) {
    foldDeclinedOffer(db, entry);
    foldAnswer(db, entry);
    closeApproval(db, entry.ref ?? "", "refused", now);
  },
  expire: (db, entry, now) => closeApproval(db, entry.ref ?? "", "expired", now),
  stop: (db) => setMeta(db, "stop", "standing"),
  resume: (db) => setMeta(db, "stop", ""),
  grant(db, entry, now) {
    if (entry.body?.plan) return foldPlan(db, entry, now);
    const body = entry.body as { principal: string; skill: string; scope?: unknown; task?: string; expiresAt?: string };
    db.prepare("INSERT OR REPLACE INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, 'given')").run(
      entry.ref,
      body.principal,
      body.skill,
      canonical(body.scope ?? {}),
      body.task ?? null,
      body.expiresAt ? Date.parse(body.expiresAt) : null,
      now,
    );
    const withAnswer = "INSERT OR REPLACE INTO answered_grants SELECT ?, approval FROM answers WHERE cmd = ?";
    db.prepare(withAnswer).run(entry.ref, entry.id);
  },
  revoke(db, entry) {
    db.prepare("UPDATE grants SET status = 'revoked' WHERE id = ?").run(entry.ref);
    foldPlanEnd(db, entry);
  },
  trust(db, entry) {
    const { principal, level } = entry.body as { principal: string; level: string };
    db.prepare("INSERT OR REPLACE INTO trust VALUES (?, ?)").run(principal, level);
  },
  adopt(db, entry, now) {
    const { what, policyHash, object, file, after } = entry.body as Record<string, string | undefined>;
    if (what === "document" && file) expectFile(db, file, after ?? null, true);
    if (what === "document") foldHandChange(db, entry, now);
    if (what === "lines") forgiveLines(db, (entry.body?.missing ?? {}) as Record<string, number>);
    if (what === "lines") foldWrittenLines(db, entry);
    if (what !== "policy" || !policyHash || !object) return;
    db.prepare("INSERT OR REPLACE INTO policies VALUES (?, ?)").run(policyHash, object);
  },
  recovered: (db, entry) => foldJump(db, entry),
  checkpoint: (db, entry) => setMeta(db, "checkpoint.size", String(entry.body?.size ?? 0)),
};

/** What the journal adds up to for the gate itself: commands, approvals, grants, trust, rates, plans, changes. */
export const kernelTables: TableSet = {
  name: "kernel",
  version: 19,
  schema,
  gives: {
    // What was begun or waits may run, and what was broken off may run again.
    commands: { rightsWhile: (row) => `${row}.status IN ('begun', 'parked', 'interrupted')` },
    kept_subjects: "nothing",
    approvals: { rightsWhile: (row) => `${row}.status = 'open'` },
    answers: "nothing",
    // What is left of what somebody may ask is a right.
    asked_for: "rights",
    asked_before: "nothing",
    grants: { rightsWhile: (row) => `${row}.status = 'given'` },
    answered_grants: "nothing",
    trust: "rights",
    // What is left of an allowance is a right.
    actions: "rights",
    payments: "rights",
    ...plansGive,
    // Each is made with a key of its own.
    written_lines: "nothing",
    task_acts: "nothing",
    // An offer is made by what the journal says of the approval that it names.
    asked_kinds: "nothing",
    declined_offers: "nothing",
    policies: "nothing",
    clock_jumps: "nothing",
    // Undo writes what it says of files, and a text that a command wrote vouches.
    changes: { rightsWhile: (row) => `${row}.files <> '[]'` },
    // A file that looks as expected is not journaled as changed by hand.
    expected_files: "rights",
    written_files: "rights",
    images: "nothing",
    hand_changes: "nothing",
  },
  folds,
  objects: ["SELECT object FROM policies", "SELECT file FROM expected_files", "SELECT before FROM hand_changes"],
};

/** What rates and plans count: every command of whatever kind that was let through, once for each time. */
function countUse(db: Database, entry: Entry, now: number): void {
  foldRate(db, entry, now);
  foldPlanUse(db, entry);
  foldPlanAct(db, entry);
}

/** Lines that are gone and whose loss the owner accepted. */
function forgiveLines(db: Database, missing: Record<string, number>): void {
  const lessen = db.prepare("UPDATE changes SET lines = lines - ? WHERE cmd = ?");
  for (const [cmd, n] of Object.entries(missing)) lessen.run(n, cmd);
}

function putCommand(db: Database, entry: Entry, status: string): void {
  const changed = db.prepare("UPDATE commands SET status = ? WHERE id = ?").run(status, entry.id);
  if (changed.changes > 0) return;
  db.prepare("INSERT INTO commands VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)").run(
    entry.id,
    entry.principal,
    entry.skill ?? "",
    entry.argsHash ?? "",
    entry.cause ?? null,
    status,
  );
}

function closeApproval(db: Database, id: string, status: ApprovalStatus, now: number): void {
  db.prepare("UPDATE approvals SET status = ?, answered_ms = ? WHERE id = ? AND status = 'open'").run(status, now, id);
}

/** What a crash cut off was taken back, and with it the use of the consent: the owner is asked as before. */
function waitAgain(db: Database, id: string): void {
  db.prepare("UPDATE approvals SET status = 'open', answered_ms = NULL WHERE id = ?").run(id);
  db.prepare("UPDATE commands SET status = 'parked', ended_ms = NULL WHERE id = ?").run(id);
}

function foldAnswer(db: Database, { id, ref }: Entry): void {
  if (ref !== undefined) db.prepare("INSERT OR REPLACE INTO answers VALUES (?, ?)").run(id, ref);
}

/** Whether a command answered an approval request. */
export const isAnswering = (db: Database, cmd: string): boolean =>
  db.prepare("SELECT 1 FROM answers WHERE cmd = ?").get(cmd) !== undefined;

/** Whether a command waited for an approval, and was given it. */
export const wasApproved = (db: Database, id: string): boolean =>
  db.prepare("SELECT 1 FROM approvals WHERE id = ? AND status = 'approved'").get(id) !== undefined;

/** Grants in force that came with an answer which does not stand. */
export function unansweredGrants(db: Database): { id: string; principal: Principal }[] {
  // From the requests that are open, which are few, to what their answers gave.
  const sql = `SELECT grants.id, grants.principal FROM approvals
    CROSS JOIN answered_grants ON approval = approvals.id CROSS JOIN grants ON grants.id = answered_grants.id
    WHERE approvals.status = 'open' AND grants.status = 'given' ORDER BY grants.id`;
  return db.prepare(sql).all() as { id: string; principal: Principal }[];
}

/** The request that a command answered, as long as that answer stands: one that is open waits for another. */
export function answeredBy(db: Database, cmd: string): string | undefined {
  const sql = "SELECT id FROM approvals WHERE status <> 'open' AND id = (SELECT approval FROM answers WHERE cmd = ?)";
  return (db.prepare(sql).get(cmd) as { id: string } | undefined)?.id;
}

function knowsCommand(db: Database, id: string): boolean {
  return db.prepare("SELECT 1 FROM commands WHERE id = ?").get(id) !== undefined;
}

export interface CommandRow {
  id: string;
  principal: Principal;
  skill: string;
  args_hash: string;
  cause: string | null;
  status: "begun" | "done" | "failed" | "interrupted" | "denied" | "parked";
  /** The object that keeps what it gave, where that is kept. */
  value: string | null;
  ended_ms: number | null;
}

export function commandRow(db: Database, id: string): CommandRow | undefined {
  return db.prepare("SELECT * FROM commands WHERE id = ?").get(id) as CommandRow | undefined;
}

/** The approval that a parked command waits for: its own, or one that was open already when it came. */
export function approvalOf(db: Database, id: string): ApprovalRow | undefined {
  const sql = `SELECT * FROM approvals
    WHERE id = coalesce((SELECT approval FROM asked_before WHERE asked_before.id = :id), :id)`;
  return db.prepare(sql).get({ id }) as ApprovalRow | undefined;
}

/** An approval request that waits for an answer to the same command of the same principal. */
export function openApproval(
  db: Database,
  { principal, skill, argsHash }: { principal: Principal; skill: string; argsHash: string },
  now: number,
): ApprovalRow | undefined {
  const sql = `SELECT approvals.* FROM approvals JOIN commands ON commands.id = approvals.id
    WHERE approvals.status = 'open' AND approvals.principal = ? AND approvals.skill = ? AND args_hash = ?
      AND expires_ms > ?`;
  return db.prepare(sql).get(principal, skill, argsHash, now) as ApprovalRow | undefined;
}

/** Whether somebody asked for a skill, of whatever version, and the request has not expired, answered or not. */
export function hasAsked(
  db: Database,
  { principal, skill }: { principal: Principal; skill: string },
  now: number,
): boolean {
  const sql = "SELECT 1 FROM approvals WHERE principal = ? AND substr(skill, 1, ?) = ? AND expires_ms > ?";
  return db.prepare(sql).get(principal, skill.length + 1, `${skill}@`, now) !== undefined;
}

/** The latest request for the same command of the same principal that has not expired, answered or not, and did not fail. */
export function askedBefore(
  db: Database,
  { principal, skill, argsHash }: { principal: Principal; skill: string; argsHash: string },
  now: number,
): string | undefined {
  const sql = `SELECT approvals.id FROM approvals JOIN commands ON commands.id = approvals.id
    WHERE approvals.principal = ? AND approvals.skill = ? AND args_hash = ? AND expires_ms > ?
      AND commands.status != 'failed' ORDER BY asked_ms DESC LIMIT 1`;
  return (db.prepare(sql).get(principal, skill, argsHash, now) as { id: string } | undefined)?.id;
}

export function trustOf(db: Database, principal: Principal): TrustLevel {
  const row = db.prepare("SELECT level FROM trust WHERE principal = ?").get(principal) as
    | { level: TrustLevel }
    | undefined;
  return row?.level ?? initialTrust(principal);
}

/** All but the owner who act here, or were let: those declared, and those with a trust level or a grant. */
export function everyoneKnown(db: Database, declared: Iterable<Principal>): Principal[] {
  const rows = db.prepare("SELECT principal FROM trust UNION SELECT principal FROM grants").all() as {
    principal: Principal;
  }[];
  return [...new Set([...declared, ...rows.map(({ principal }) => principal)])].sort();
}

export function liveGrants(
  db: Database,
  principal: Principal,
  skill: string,
  task: string | undefined,
  now: number,
): GrantRow[] {
  const rows = db
    .prepare("SELECT * FROM grants WHERE status = 'given' AND principal = ? AND skill = ?")
    .all(principal, skill) as GrantRow[];
  return rows.filter(
    (grant) => (grant.expires_ms === null || grant.expires_ms > now) && (grant.task === null || grant.task === task),
  );
}

/** Positions and versions; made before everything else. */
export const metaSchema = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);";

export function meta(db: Database, key: string): string | undefined {
  return (db.prepare("SELECT value FROM meta WHERE key = ?").get(key) as { value: string } | undefined)?.value;
}

export function setMeta(db: Database, key: string, value: string): void {
  db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, value);
}
