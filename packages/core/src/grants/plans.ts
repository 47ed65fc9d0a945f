import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { principalSchema } from "@mh/contract/values/principal-schema.ts";
import { z } from "zod";
import { defineAdmin } from "../kernel/define-admin.ts";
import { defineOwn } from "../kernel/legacy.ts";
import { type Plan, type PlanRow, type PlanStepRow, planStepSchema } from "../kernel/plans.ts";
import type { Registry } from "../kernel/registry.ts";
import { normalScope } from "../kernel/scope.ts";
import type { OwnContext } from "../kernel/skill.ts";
import type { Crypto } from "../ports/crypto.ts";

interface PlanDeps {
  crypto: Crypto;
  registry: Registry;
}

const steps = z.array(planStepSchema).min(1).max(50);
const title = z.string().trim().min(1).max(300);
const forMinutes = z
  .number()
  .int()
  .positive()
  .max(366 * 24 * 60);
const planned = z.strictObject({ id: z.string() });

const giveInput = z.strictObject({
  principal: principalSchema,
  task: z.string().min(1).max(200),
  title,
  steps,
  forMinutes: forMinutes.optional(),
});

/** Says yes to a plan beforehand: so many commands of a kind, by one principal, in one task. */
export function grantPlanSkill(deps: PlanDeps) {
  return defineAdmin<z.infer<typeof giveInput>, z.infer<typeof planned>>({
    name: "grant.plan",
    title: "Say yes to a plan",
    input: giveInput,
    output: planned,
    event: "grant.planned",
    undo: "mh grant revoke",
    apply: (args, context) => give(deps, context, args),
  });
}

const proposeInput = z.strictObject({
  title,
  steps,
  forMinutes: forMinutes.optional(),
});

/**
 * Puts a plan to the owner. The question is an approval like any other, and shows every step; a yes to it is a yes to the
 * steps, in the task that asks and for the one who asks. It is of high risk, so nobody's trust makes it pass unasked.
 */
export function proposePlanSkill(deps: PlanDeps) {
  return defineOwn<z.infer<typeof proposeInput>, z.infer<typeof planned>>({
    manifest: {
      name: "plan.propose",
      version: "1.0.0",
      title: "Do what a plan says, without a question for each step",
      input: proposeInput,
      output: planned,
      effects: ["write"],
      permissions: {},
      control: ["steps"],
      undo: "mh grant revoke",
      retry: "safe",
      event: "plan.approved",
    },
    classify: () => ({ effect: "write", risk: "high", scope: {} }),
    apply(args, context) {
      const { principal, task } = context;
      if (isOwner(principal))
        throw new Fault("principal.unknown", "The owner needs no plan. `mh grant plan` gives one.");
      if (!task) throw new Fault("args.invalid", "A plan belongs to a task, and this command names none.");
      return give(deps, context, { ...args, principal, task });
    },
  });
}

function give({ crypto, registry }: PlanDeps, context: OwnContext, wanted: z.infer<typeof giveInput>) {
  const { tx, commandId, now } = context;
  const { principal, task, title, steps, forMinutes } = wanted;
  if (isOwner(principal)) throw new Fault("principal.unknown", "The owner needs no grants.");
  for (const step of steps) checkStep(registry, step.skill);
  const plan: Plan = {
    ...{ principal, task, title },
    steps: steps.map((step) => ({ ...step, scope: normalScope(step.scope) })),
    ...(forMinutes && { expiresAt: new Date(now + forMinutes * 60_000).toISOString() }),
  };
  const id = crypto.id();
  tx.append({ phase: "grant", id: commandId, ref: id, principal: context.principal, body: { plan } });
  return { id };
}

/** No plan brings a plan about, and no plan holds what is the owner's alone. */
function checkStep(registry: Registry, skill: string): void {
  const { effects, name } = registry.get(skill).contract;
  if (name === "plan.propose" || effects.every((effect) => effect === "admin"))
    throw new Fault("args.invalid", `${name} cannot be a step of a plan: it is yours alone.`);
}

/** A plan with what is left of its steps. */
export interface ShownPlan extends PlanRow {
  steps: PlanStepRow[];
}

/** Those that somebody may still act under; with `all`, every one there was. */
export function plansIn(db: OwnContext["tx"]["db"], now: number, all: boolean): ShownPlan[] {
  const rows = db.prepare("SELECT * FROM plans ORDER BY given_ms").all() as PlanRow[];
  const stepsOf = db.prepare("SELECT * FROM plan_steps WHERE plan = ? ORDER BY n");
  const shown = rows.map((row) => ({ ...row, steps: stepsOf.all(row.id) as PlanStepRow[] }));
  const isLive = (plan: ShownPlan) =>
    plan.status === "given" &&
    (plan.expires_ms === null || plan.expires_ms > now) &&
    plan.steps.some(({ used, times }) => used < times);
  return shown.filter((plan) => all || isLive(plan));
}
