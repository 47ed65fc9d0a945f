import type { ArgsOf } from "@mh/contract/contract.ts";
import { type grantPlan, planPreview, planPropose, planShow } from "@mh/contract/grants.ts";
import type { Parked } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PlanCard, ShownPlan } from "@mh/contract/values/plan.ts";
import { shapeOf } from "../kernel/contract-defaults.ts";
import { shownPlans } from "../kernel/plans.ts";
import type { PlansPort } from "../kernel/plans-port.ts";
import { type Registry, skillName } from "../kernel/registry.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineQuery } from "../kernel/skill.ts";
import { type CardSkill, planCard } from "./plan-card.ts";
import { refuseUndeclared } from "./refuse-useless.ts";
import { wholePlan } from "./whole-plan.ts";

type Wanted = Pick<ArgsOf<typeof grantPlan>, "title" | "sources" | "steps" | "forMinutes">;

/** A plan that is not approved yet, as it would be. */
export function previewPlanSkill({ registry, plans }: { registry: Registry; plans: PlansPort }) {
  return defineQuery(planPreview, {
    run({ principal, task, ...wanted }) {
      refuseUndeclared(plans, { principal, task, ...wholePlan(registry, wanted) });
      return cardOfWanted(registry, wanted, { principal, task });
    },
  });
}

const named: Named = {
  from: "plans",
  column: "id",
  code: "grant.not-found",
  one: "plan",
  many: "plans",
  list: "mh grant list --all",
};

export function showPlanSkill({ registry }: { registry: Registry }) {
  return defineQuery(planShow, {
    run({ id }, { db }) {
      const [plan] = shownPlans(db, { id: idNamed(db, named, id) }) as [ShownPlan];
      const { title, principal, task, sources, steps, expires_ms, status } = plan;
      const until = expires_ms === null ? undefined : `until ${new Date(expires_ms).toISOString()}`;
      const lasts = status === "revoked" ? "revoked" : until;
      return { plan, card: planCard({ title, principal, task, sources, steps, lasts }, describeBy(registry)) };
    },
  });
}

/** The card of a plan that waits for its approval; undefined for any other command. */
export function cardOfParked(registry: Registry, parked: Parked): PlanCard | undefined {
  if (skillName(parked.skill) !== planPropose.name) return undefined;
  const { principal, task, args, answers } = parked;
  const wanted = planPropose.input.safeParse(args);
  // One of another version can only be refused; its arguments are shown as they are.
  if (!wanted.success) return undefined;
  return cardOfWanted(registry, wanted.data, {
    principal,
    task: task?.words || task?.id || "",
    answers,
  });
}

function cardOfWanted(
  registry: Registry,
  { title, sources = {}, steps, forMinutes }: Wanted,
  of: { principal: string; task: string; answers?: Parked["answers"] },
): PlanCard {
  const lasts = forMinutes === undefined ? undefined : `${forMinutes} minutes from your approval`;
  return planCard({ ...of, title, lasts, ...wholeOr(registry, { sources, steps }) }, describeBy(registry));
}

/** As it will be compared with. Where a skill has gone since, as it was asked for: then approving it fails. */
function wholeOr(
  registry: Registry,
  wanted: Required<Pick<Wanted, "steps">> & { sources: NonNullable<Wanted["sources"]> },
) {
  try {
    return wholePlan(registry, wanted);
  } catch (error) {
    if (error instanceof Fault && error.code === "skill.unknown") return wanted;
    throw error;
  }
}

const describeBy =
  (registry: Registry) =>
  (name: string): CardSkill | undefined => {
    const skill = registry.find(name);
    if (!skill) return undefined;
    const { title, effects, looks, undo } = skill.contract;
    const { shape, isOpen } = shapeOf(skill) ?? { shape: {}, isOpen: true };
    return { title, effects, ...(looks && { looks }), undo, takes: Object.keys(shape), isOpen };
  };
