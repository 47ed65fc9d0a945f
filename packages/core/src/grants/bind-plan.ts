import { Fault } from "@mh/contract/values/fault.ts";
import type { Plan, PlanBinding } from "@mh/contract/values/plan.ts";
import type { PlansPort } from "../kernel/plans-port.ts";
import type { Registry } from "../kernel/registry.ts";
import type { PinContext, Pinned } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import { answersNow } from "../policy/plan/answers-now.ts";
import { refuseUndeclared } from "./refuse-useless.ts";
import type { wholePlan } from "./whole-plan.ts";

interface BindDeps {
  registry: Registry;
  plans: PlansPort;
}

type Whole = ReturnType<typeof wholePlan>;
type Owned = Whole & Pick<Plan, "principal" | "task">;

const skillArgument = "skill";
const shownMax = 4_000;

/**
 * What a plan is bound to: the contracts of its skills, what its fixed arguments point to, and what its sources said where
 * they were read already. Throws `args.invalid` where a step or a source could never run.
 */
export async function bindPlan(deps: BindDeps, plan: Owned, context: PinContext): Promise<Pinned> {
  const { registry, plans } = deps;
  refuseUndeclared(plans, plan);
  const skills = new Set([...Object.values(plan.sources), ...plan.steps].map(({ skill }) => skill));
  const contracts = [...skills].map((what) => {
    const [, hash = ""] = registry.pinned(registry.get(what)).split(/@(.*)/s, 2);
    return { argument: skillArgument, what, hash };
  });
  const pointers: Required<Pick<Pinned, "pins" | "unpinned">> = { pins: [], unpinned: [] };
  for (const [at, step] of plan.steps.entries()) {
    const prefix = prefixOf(at + 1);
    const { pins, unpinned = [] } = await pointersOf(registry, step, context);
    pointers.pins.push(...pins.map((pin) => ({ ...pin, argument: `${prefix}${pin.argument}` })));
    pointers.unpinned.push(...unpinned.map((each) => `${prefix}${each}`));
  }
  const answers = answersNow(plan, plans.soFar(plan.task), plans.digest);
  const shown = answers.map(({ output, ...each }) => ({
    ...each,
    shows: canonical(output ?? null).slice(0, shownMax),
  }));
  return { pins: [...contracts, ...pointers.pins], unpinned: pointers.unpinned, answers: shown };
}

/** The same, as the record of the plan keeps it. */
export function bindingOf({ pins, answers = [] }: Pinned, steps: number): PlanBinding {
  const contracts = pins.filter(({ argument }) => argument === skillArgument);
  const numbers = Array.from({ length: steps }, (_, at) => at + 1);
  const byStep = numbers.flatMap((n) => {
    const held = pins.filter(({ argument }) => argument.startsWith(prefixOf(n)));
    const bare = held.map(({ argument, what, hash }) => ({ argument: argument.slice(prefixOf(n).length), what, hash }));
    return bare.length > 0 ? [[String(n), bare] as const] : [];
  });
  return {
    contracts: Object.fromEntries(contracts.map(({ what, hash }) => [what, `${what}@${hash}`])),
    pins: Object.fromEntries(byStep),
    answers: Object.fromEntries(answers.map(({ question, answer }) => [question, answer])),
  };
}

const prefixOf = (n: number): string => `step ${n}: `;

/** What the fixed arguments of a step point to, where its skill holds that fast. */
async function pointersOf(registry: Registry, { skill: name, args }: Whole["steps"][number], context: PinContext) {
  const skill = registry.get(name);
  const held = Object.entries(skill.contract.pointers ?? {}).filter(([, how]) => how === "pinned");
  const fixed = held.filter(([pointer]) => Object.hasOwn(args, pointer)).map(([pointer]) => pointer);
  const later = `what ${fixed.join(" and ")} points to is looked up when it runs`;
  if (!skill.pin || fixed.length === 0) return { pins: [] };
  try {
    return await skill.pin(args, context);
  } catch (error) {
    // What a person should know before they approve is said. Only where slots leave arguments open may the look-up fail for that.
    if (error instanceof Fault || skill.contract.input.safeParse(args).success) throw error;
    return { pins: [], unpinned: [later] };
  }
}
