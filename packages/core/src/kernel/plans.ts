import type { Pin } from "@mh/contract/values/approval.ts";
import type { Effect } from "@mh/contract/values/effect.ts";
import { type Plan, planSchema, type ShownPlan, timesOf } from "@mh/contract/values/plan.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import { canonical } from "../model/canonical.ts";
import { compareWithPlan, coveringStep, type Deviation } from "../policy/plan/covering-step.ts";
import {
  addedUp,
  type Covering,
  type Digest,
  type PlannedCall,
  type PlanState,
  type PlanTask,
} from "../policy/plan/plan-state.ts";
import type { Database } from "../ports/database.ts";
import { actsSince, planActsSchema } from "./plan-acts.ts";

/**
 * Plans that the owner approved, by one principal, in one task, and what their steps have used. Folded from the journal: a
 * step is used up by the intents that name it.
 */
export const plansSchema = `
CREATE TABLE plans (
  id TEXT PRIMARY KEY, principal TEXT NOT NULL, task TEXT NOT NULL, title TEXT NOT NULL, expires_ms INTEGER,
  given_ms INTEGER NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX plans_given ON plans (task) WHERE status = 'given';
CREATE INDEX plans_of ON plans (principal) WHERE status = 'given';
CREATE TABLE plan_steps (plan TEXT NOT NULL, n INTEGER NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (plan, n)) WITHOUT ROWID;
CREATE TABLE plan_entries (
  plan TEXT NOT NULL, n INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (plan, n, entry)
) WITHOUT ROWID;
CREATE TABLE plan_sums (
  plan TEXT NOT NULL, n INTEGER NOT NULL, argument TEXT NOT NULL, sum REAL NOT NULL, PRIMARY KEY (plan, n, argument)
) WITHOUT ROWID;
CREATE TABLE plan_answers (
  plan TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (plan, question)
) WITHOUT ROWID;
CREATE TABLE plan_changes (
  plan TEXT NOT NULL, skill TEXT NOT NULL, args_hash TEXT NOT NULL, PRIMARY KEY (plan, skill, args_hash)
) WITHOUT ROWID;
${planActsSchema}`;

/** What of those tables gives a right, or bounds one. */
export const plansGive = {
  plans: { rightsWhile: (row: string) => `${row}.status = 'given'` },
  plan_steps: "rights",
  plan_entries: "rights",
  plan_sums: "rights",
  plan_answers: "rights",
  plan_changes: "rights",
  plan_acts: "rights",
  act_count: "rights",
} as const;

export function foldPlan(db: Database, entry: Entry, now: number): void {
  const plan = planSchema().parse(entry.body?.plan);
  const { principal, task, title, expiresAt, ...rest } = plan;
  const until = expiresAt ? Date.parse(expiresAt) : null;
  db.prepare("INSERT OR REPLACE INTO plans VALUES (?, ?, ?, ?, ?, ?, 'given', ?)").run(
    ...[entry.ref, principal, task, title, until, now, canonical(rest)],
  );
  const add = db.prepare("INSERT OR REPLACE INTO plan_steps VALUES (?, ?, 0)");
  for (const n of plan.steps.keys()) add.run(entry.ref, n + 1);
  const bind = db.prepare("INSERT OR REPLACE INTO plan_answers VALUES (?, ?, ?)");
  for (const [question, answer] of Object.entries(plan.binds?.answers ?? {})) bind.run(entry.ref, question, answer);
}

/** A command that is begun under a plan uses its step up by one. */
export function foldPlanUse(db: Database, entry: Entry): void {
  for (const { plan, planUse = {} } of entry.request ?? []) {
    if (!plan) continue;
    const [id, n] = plan.split("/") as [string, string];
    db.prepare("UPDATE plan_steps SET used = used + 1 WHERE plan = ? AND n = ?").run(id, Number(n) || 0);
    for (const each of planUse.entries ?? [])
      db.prepare("INSERT OR IGNORE INTO plan_entries VALUES (?, ?, ?)").run(id, n, each);
    for (const { argument, sum } of planUse.sums ?? []) {
      const row = db
        .prepare("SELECT sum FROM plan_sums WHERE plan = ? AND n = ? AND argument = ?")
        .get(id, n, argument);
      const before = (row as { sum: number } | undefined)?.sum;
      db.prepare("INSERT OR REPLACE INTO plan_sums VALUES (?, ?, ?, ?)").run(id, n, argument, addedUp(before, sum));
    }
    for (const { question, answer } of planUse.answers ?? [])
      db.prepare("INSERT OR IGNORE INTO plan_answers VALUES (?, ?, ?)").run(id, question, answer);
  }
  const { change } = entry.body ?? {};
  if (change !== undefined)
    db.prepare("INSERT OR IGNORE INTO plan_changes VALUES (?, ?, ?)").run(
      change,
      entry.skill ?? "",
      entry.argsHash ?? "",
    );
}

export const foldPlanEnd = (db: Database, entry: Entry): void =>
  void db.prepare("UPDATE plans SET status = 'revoked' WHERE id = ?").run(entry.ref);

/** A command as the plans of its task are asked about it. */
export interface Planned extends PlannedCall {
  task: Task | undefined;
  argsHash: string;
  effect: Effect;
  /** Its skill changes nothing, whatever the effect. */
  looks?: boolean | undefined;
  now: number;
  /** What the task did up to now. */
  soFar: PlanTask;
  digest: Digest;
  /** What it points to, once that was looked up. */
  pins?: readonly Pin[] | undefined;
}

/** The first step, source or approved change of a plan that covers all of a command. Without a task there is none. */
export function coveringIn(db: Database, principal: Principal, call: Planned): Covering | undefined {
  for (const state of plansFor(db, principal, call)) {
    const step = coveringStep(state, call.soFar, call, call.digest);
    if (step && isHeld(state, step, call)) return step;
    const change = approvedChange(db, state, call);
    if (change) return change;
  }
  return undefined;
}

/**
 * How a command that asks differs from the plan of its task; undefined where it has none. `tainted`: what is not the
 * owner's in arguments that the step which covers it leaves free.
 */
export function planDeviation(
  db: Database,
  principal: Principal,
  call: Planned,
  tainted: readonly string[],
): ({ plan: string; title: string } & Deviation) | undefined {
  const states = plansFor(db, principal, call);
  const looked = states.map((state) => ({ state, found: compareWithPlan(state, call.soFar, call, call.digest) }));
  const { state, found } = looked.find((each) => "id" in each.found) ?? looked.at(-1) ?? {};
  if (!state || !found) return undefined;
  const of = { plan: state.id, title: state.title };
  if (!("id" in found)) return { ...of, ...found };
  if (!isHeld(state, found, call))
    return { ...of, ...numberOf(found), differs: "what it points to is not what it was for the plan" };
  const free = tainted.length > 0 ? tainted.join(", ") : "what it leaves free";
  return { ...of, ...numberOf(found), differs: `the plan does not say what ${free} may be` };
}

const numberOf = ({ n }: Covering): Pick<Covering, "n"> => (n === undefined ? {} : { n });

/** Whether what the command points to is what it was for the plan; as long as nobody looked, it is taken to be. */
function isHeld({ plan }: PlanState, { n }: Covering, { pins }: Planned): boolean {
  const held = plan.binds?.pins[String(n)] ?? [];
  const isThere = ({ argument, what, hash }: (typeof held)[number]) =>
    pins?.some((pin) => pin.argument === argument && pin.what === what && pin.hash === hash);
  return pins === undefined || held.every(isThere);
}

const repeatable: readonly Effect[] = ["read", "fetch", "write", "notify"];

/**
 * The same command, once it was approved as a change: what can be undone and what only reads does not ask again. What leaves,
 * pays or destroys does, for to do it twice is something else.
 */
function approvedChange(
  db: Database,
  { id }: PlanState,
  { effect, looks, pinned, argsHash }: Planned,
): Covering | undefined {
  if (!looks && !repeatable.includes(effect)) return undefined;
  const sql = "SELECT 1 FROM plan_changes WHERE plan = ? AND skill = ? AND args_hash = ?";
  if (db.prepare(sql).get(id, pinned, argsHash) === undefined) return undefined;
  return { id: `${id}/change`, speaksFor: () => true, use: {} };
}

/** Plans in force, the first given first. */
function plansFor(db: Database, principal: Principal, { task, now }: Planned): (PlanState & { title: string })[] {
  if (!task) return [];
  const sql = `SELECT id, title, body FROM plans WHERE task = ? AND status = 'given' AND principal = ?
    AND (expires_ms IS NULL OR expires_ms > ?) ORDER BY given_ms, id`;
  const rows = db.prepare(sql).all(task.id, principal, now) as {
    id: string;
    title: string;
    body: string;
  }[];
  return rows.map(({ id, title, body }) => {
    const plan = JSON.parse(body) as Pick<Plan, "sources" | "steps" | "binds">;
    const bound = db.prepare("SELECT question, answer FROM plan_answers WHERE plan = ?").all(id);
    const answers = new Map((bound as { question: string; answer: string }[]).map((row) => [row.question, row.answer]));
    return { id, title, plan, uses: usesOf(db, id, plan.steps.length), answers, firstActs: actsSince(db, id) };
  });
}

function usesOf(db: Database, id: string, steps: number): PlanState["uses"] {
  const rowsOf = <Row extends { n: number }>(sql: string) =>
    Map.groupBy(db.prepare(sql).all(id) as Row[], ({ n }) => n);
  const used = rowsOf<{ n: number; used: number }>("SELECT n, used FROM plan_steps WHERE plan = ?");
  const entries = rowsOf<{ n: number; entry: string }>("SELECT n, entry FROM plan_entries WHERE plan = ?");
  const sums = rowsOf<{ n: number; argument: string; sum: number }>(
    "SELECT n, argument, sum FROM plan_sums WHERE plan = ?",
  );
  return Array.from({ length: steps }, (_, at) => ({
    used: used.get(at + 1)?.[0]?.used ?? 0,
    entries: new Set(entries.get(at + 1)?.map(({ entry }) => entry)),
    sums: new Map(sums.get(at + 1)?.map(({ argument, sum }) => [argument, sum])),
  }));
}

/** Ids of the plans of a task that are in force. */
export function plansOfTask(db: Database, task: string, now: number): string[] {
  const sql = "SELECT id FROM plans WHERE task = ? AND status = 'given' AND (expires_ms IS NULL OR expires_ms > ?)";
  return (db.prepare(sql).all(task, now) as { id: string }[]).map(({ id }) => id);
}

/** Plans, the oldest first, with what their steps have used: the one of an id, those in force at a time, or every one. */
export function shownPlans(db: Database, { id = null, inForceAt = null }: WhichPlans = {}): ShownPlan[] {
  const sql = `SELECT *, (SELECT count(*) FROM plan_changes WHERE plan = id) AS changes FROM plans
    WHERE (:id IS NULL OR id = :id) AND (:inForceAt IS NULL
      OR (status = 'given' AND (expires_ms IS NULL OR expires_ms > :inForceAt))) ORDER BY given_ms, id`;
  const rows = db.prepare(sql).all({ id, inForceAt }) as (Omit<ShownPlan, "sources" | "steps"> & {
    body: string;
  })[];
  return rows.map(({ body, ...row }) => {
    const { sources, steps } = JSON.parse(body) as Pick<Plan, "sources" | "steps">;
    const uses = usesOf(db, row.id, steps.length);
    const shown = steps.map((step, at) => ({
      ...{ ...step, n: at + 1, times: timesOf(step), used: uses[at]?.used ?? 0 },
      sums: Object.fromEntries(uses[at]?.sums ?? []),
    }));
    return { ...row, sources, steps: shown };
  });
}

interface WhichPlans {
  id?: string | null;
  inForceAt?: number | null;
}
