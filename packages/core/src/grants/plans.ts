import type { ArgsOf } from "@mh/contract/contract.ts";
import { grantPlan, planPropose } from "@mh/contract/grants.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Plan, ShownPlan } from "@mh/contract/values/plan.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { shownPlans } from "../kernel/plans.ts";
import type { PlansPort } from "../kernel/plans-port.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineAdmin, defineOwn, type OwnContext, type Pinned } from "../kernel/skill.ts";
import type { Crypto } from "../ports/crypto.ts";
import { bindingOf, bindPlan } from "./bind-plan.ts";
import { wholePlan } from "./whole-plan.ts";

interface PlanDeps {
  crypto: Crypto;
  registry: Registry;
  plans: PlansPort;
}

/** Approves a plan beforehand: so many commands of a kind, by one principal, in one task. */
export function grantPlanSkill(deps: PlanDeps) {
  return defineAdmin(grantPlan, {
    stored: "kept",
    prepare: (args, context) => bindPlan(deps, { ...args, ...wholePlan(deps.registry, args) }, context),
    apply: (args, context, pinned) => give(deps, context, args, pinned),
  });
}

/**
 * Puts a plan to the owner. The request is an approval like any other, and shows every step; approving it approves the
 * steps, in the task that asks and for the one who asks. It is of high risk, so nobody's trust makes it pass unasked.
 */
export function proposePlanSkill(deps: PlanDeps) {
  return defineOwn(planPropose, {
    stored: "kept",
    classify: () => ({ effect: "write", risk: "high", scope: {} }),
    pin(args, context) {
      const { principal } = context;
      return bindPlan(deps, { principal, task: taskOf(context), ...wholePlan(deps.registry, args) }, context);
    },
    apply(args, context) {
      const { principal, pinned } = context;
      if (isOwner(principal))
        throw new Fault("principal.unknown", "The owner needs no plan. `mh grant plan` gives one.");
      // Nothing is bound to what nobody was shown.
      if (!pinned) throw new Fault("args.invalid", "A plan is approved by its owner, or not at all.");
      return give(deps, context, { ...args, principal, task: taskOf(context) }, pinned);
    },
  });
}

function taskOf({ task }: { task?: string | undefined }): string {
  if (task === undefined) throw new Fault("args.invalid", "A plan belongs to a task, and this command names none.");
  return task;
}

function give(deps: PlanDeps, context: OwnContext, wanted: ArgsOf<typeof grantPlan>, pinned: Pinned) {
  const { tx, commandId, now } = context;
  const { principal, task, title, forMinutes } = wanted;
  if (isOwner(principal)) throw new Fault("principal.unknown", "The owner needs no grants.");
  const { sources, steps } = wholePlan(deps.registry, wanted);
  const plan: Plan = {
    ...{ principal, task, title, sources, steps, binds: bindingOf(pinned, steps.length) },
    ...(forMinutes && { expiresAt: new Date(now + forMinutes * 60_000).toISOString() }),
  };
  const id = deps.crypto.id();
  tx.append({ phase: "grant", id: commandId, ref: id, principal: context.principal, body: { plan } });
  return { id };
}

/** Those that somebody may still act under; with `all`, every one there was. */
export function plansIn(db: OwnContext["tx"]["db"], now: number, all: boolean): ShownPlan[] {
  if (all) return shownPlans(db);
  return shownPlans(db, { inForceAt: now }).filter(({ steps }) => steps.some(({ used, times }) => used < times));
}
