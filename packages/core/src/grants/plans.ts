import type { ArgsOf } from "@mh/contract/contract.ts";
import { grantPlan, planPropose } from "@mh/contract/grants.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Plan, type ShownPlan, timesOf } from "@mh/contract/values/plan.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { shownPlans } from "../kernel/plans.ts";
import type { Registry } from "../kernel/registry.ts";
import { defineAdmin, defineOwn, type OwnContext } from "../kernel/skill.ts";
import { normalScope } from "../model/scope.ts";
import type { Crypto } from "../ports/crypto.ts";
import { refuseUseless } from "./refuse-useless.ts";

interface PlanDeps {
  crypto: Crypto;
  registry: Registry;
}

/** Approves a plan beforehand: so many commands of a kind, by one principal, in one task. */
export function grantPlanSkill(deps: PlanDeps) {
  return defineAdmin(grantPlan, {
    stored: "kept",
    apply: (args, context) => give(deps, context, args),
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
    apply(args, context) {
      const { principal, task } = context;
      if (isOwner(principal))
        throw new Fault("principal.unknown", "The owner needs no plan. `mh grant plan` gives one.");
      if (!task) throw new Fault("args.invalid", "A plan belongs to a task, and this command names none.");
      return give(deps, context, { ...args, principal, task });
    },
  });
}

function give({ crypto, registry }: PlanDeps, context: OwnContext, wanted: ArgsOf<typeof grantPlan>) {
  const { tx, commandId, now } = context;
  const { principal, task, title, sources = {}, steps, forMinutes } = wanted;
  if (isOwner(principal)) throw new Fault("principal.unknown", "The owner needs no grants.");
  for (const step of steps) {
    checkStep(registry, step.skill);
    refuseUseless(registry, step.skill, step.scope);
  }
  for (const [name, { skill }] of Object.entries(sources)) checkSource(registry, name, skill);
  const plan: Plan = {
    ...{ principal, task, title, sources },
    steps: steps.map((step) => ({ ...step, scope: normalScope(step.scope), times: timesOf(step) })),
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

/** A source only reads. */
function checkSource(registry: Registry, source: string, skill: string): void {
  const { effects, name } = registry.get(skill).contract;
  if (effects.every((effect) => effect === "read" || effect === "fetch")) return;
  throw new Fault("args.invalid", `${source}: ${name} does more than read, so it cannot be a source of a plan.`);
}

/** Those that somebody may still act under; with `all`, every one there was. */
export function plansIn(db: OwnContext["tx"]["db"], now: number, all: boolean): ShownPlan[] {
  const isLive = (plan: ShownPlan) =>
    plan.status === "given" &&
    (plan.expires_ms === null || plan.expires_ms > now) &&
    plan.steps.some(({ used, times }) => used < times);
  return shownPlans(db).filter((plan) => all || isLive(plan));
}
