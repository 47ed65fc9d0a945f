import type { Scope } from "@mh/contract/values/effect.ts";
import { type PlanStepRow, planStepSchema } from "@mh/contract/values/grant.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { principalSchema } from "@mh/contract/values/principal-schema.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import { z } from "zod";
import { canonical } from "../model/canonical.ts";
import type { Database } from "../ports/database.ts";
import { covers } from "./scope.ts";

/**
 * Plans that the owner approved: so many commands of a kind, by one principal, in one task. Folded from the journal;
 * a step is used up by the intents that name it.
 */
export const plansSchema = `
CREATE TABLE plans (
  id TEXT PRIMARY KEY, principal TEXT NOT NULL, task TEXT NOT NULL, title TEXT NOT NULL, expires_ms INTEGER,
  given_ms INTEGER NOT NULL, status TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE plan_steps (
  plan TEXT NOT NULL, n INTEGER NOT NULL, skill TEXT NOT NULL, scope TEXT NOT NULL, args TEXT NOT NULL,
  times INTEGER NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (plan, n)
) WITHOUT ROWID;
`;

/** What a `grant` record says of a plan. */
export const planSchema = z.strictObject({
  principal: principalSchema,
  task: z.string().min(1).max(200),
  title: z.string().min(1).max(300),
  steps: z.array(planStepSchema).min(1).max(50),
  expiresAt: z.string().optional(),
});
export type Plan = z.infer<typeof planSchema>;

export function foldPlan(db: Database, entry: Entry, now: number): void {
  const { principal, task, title, steps, expiresAt } = planSchema.parse(entry.body?.plan);
  const until = expiresAt ? Date.parse(expiresAt) : null;
  db.prepare("INSERT OR REPLACE INTO plans VALUES (?, ?, ?, ?, ?, ?, 'given')").run(
    ...[entry.ref, principal, task, title, until, now],
  );
  const add = db.prepare("INSERT OR REPLACE INTO plan_steps VALUES (?, ?, ?, ?, ?, ?, 0)");
  for (const [n, { skill, scope, args, times }] of steps.entries())
    add.run(entry.ref, n + 1, skill, canonical(scope), canonical(args), times);
}

/** A command that is begun under a plan uses its step up by one. */
export function foldPlanUse(db: Database, entry: Entry): void {
  const use = db.prepare("UPDATE plan_steps SET used = used + 1 WHERE plan = ? AND n = ?");
  for (const { plan } of entry.request ?? []) if (plan) use.run(...(plan.split("/") as [string, string]));
}

export const foldPlanEnd = (db: Database, entry: Entry): void =>
  void db.prepare("UPDATE plans SET status = 'revoked' WHERE id = ?").run(entry.ref);

/** A step that covers a command, and which of the command's arguments it speaks for. */
export interface CoveringStep {
  /** `<plan>/<number>`. */
  id: string;
  /** Whether the plan names the value that stands at a path of the arguments, as in `to[0]`. */
  speaksFor(path: string): boolean;
}

interface Planned {
  principal: Principal;
  task: Task | undefined;
  skill: string;
  args: Record<string, unknown>;
  scope: Scope;
  now: number;
}

/** The first step with something left that covers all of a command. Without a task there is none. */
export function coveringStep(db: Database, command: Planned): CoveringStep | undefined {
  const { principal, task, skill, args, scope, now } = command;
  if (!task) return undefined;
  const sql = `SELECT s.* FROM plan_steps s JOIN plans p ON p.id = s.plan
    WHERE p.task = ? AND p.principal = ? AND p.status = 'given' AND (p.expires_ms IS NULL OR p.expires_ms > ?)
    AND s.skill = ? AND s.used < s.times ORDER BY p.given_ms, s.plan, s.n`;
  const rows = db.prepare(sql).all(task.id, principal, now, skill) as PlanStepRow[];
  for (const row of rows) {
    const named = JSON.parse(row.args) as Record<string, unknown>;
    const wanted = JSON.parse(row.scope) as Scope;
    const isSame = Object.entries(named).every(([name, value]) => canonical(args[name] ?? null) === canonical(value));
    const touched = new Set(placesOf(scope));
    // A step that names places was approved as bound to them: what says of itself that it touches none is not in it.
    const isBound = touched.size > 0 || placesOf(wanted).length === 0;
    if (!isSame || !isBound || !covers(wanted, scope)) continue;
    const isTouched = (value: string) => touched.has(value) || touched.has(value.toLowerCase());
    const speaksFor = (path: string) =>
      Object.hasOwn(named, path.split(/[.[]/, 1)[0] ?? "") || isTouched(String(valueAt(args, path)));
    return { id: `${row.plan}/${row.n}`, speaksFor };
  }
  return undefined;
}

const placesOf = ({ paths = [], hosts = [], recipients = [] }: Scope): string[] => [...paths, ...hosts, ...recipients];

function valueAt(args: Record<string, unknown>, path: string): unknown {
  let value: unknown = args;
  for (const key of path.split(/[.[\]]+/).filter(Boolean)) value = (value as Record<string, unknown> | null)?.[key];
  return value;
}
