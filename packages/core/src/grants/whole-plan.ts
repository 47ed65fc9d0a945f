import { type ArgsOf, onlyReads } from "@mh/contract/contract.ts";
import type { grantPlan } from "@mh/contract/grants.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type PlanSource, type PlanStep, timesOf } from "@mh/contract/values/plan.ts";
import type { z } from "zod";
import { defaultsOf, shapeOf } from "../kernel/contract-defaults.ts";
import type { Registry } from "../kernel/registry.ts";
import type { Skill } from "../kernel/skill.ts";
import { argumentOf } from "../model/argument-path.ts";
import { normalScope } from "../model/scope.ts";
import { refuseUseless } from "./refuse-useless.ts";

type Wanted = Pick<ArgsOf<typeof grantPlan>, "sources" | "steps">;

/**
 * A plan as commands will be compared with it: its arguments as their skills read them, with what is said where nothing is
 * said. Throws `args.invalid` for what no plan may hold, and for what could never be done under it.
 */
export function wholePlan(registry: Registry, { sources = {}, steps }: Wanted) {
  return {
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, each]) => [name, wholeSource(registry, name, each)]),
    ),
    steps: steps.map((step) => wholeStep(registry, step)),
  };
}

/** No plan brings a plan about, and no plan holds what is the owner's alone. */
function wholeStep(registry: Registry, step: PlanStep): PlanStep {
  const skill = registry.get(step.skill);
  const { effects, name } = skill.contract;
  if (name === "plan.propose" || effects.every((effect) => effect === "admin"))
    throw new Fault("args.invalid", `${name} cannot be a step of a plan: it is yours alone.`);
  refuseUseless(registry, step.skill, step.scope);
  refuseUnknown(skill, step);
  return { ...step, args: read(skill, step.args), scope: normalScope(step.scope), times: timesOf(step) };
}

/** A source only reads. */
function wholeSource(registry: Registry, source: string, wanted: PlanSource): PlanSource {
  const skill = registry.get(wanted.skill);
  const { name } = skill.contract;
  if (!onlyReads(skill.contract))
    throw new Fault("args.invalid", `${source}: ${name} does more than read, so it cannot be a source of a plan.`);
  // What is asked for and refused stands there, in words of those who ask.
  if (skill.contract.recovery)
    throw new Fault(
      "args.invalid",
      `${source}: ${name} is about your rights and requests, and cannot be a source of a plan.`,
    );
  refuseUnknown(skill, wanted);
  const filled = new Set(Object.keys(wanted.slots ?? {}).map(argumentOf));
  const unsaid = Object.entries(defaultsOf(skill)).filter(([name]) => !filled.has(name));
  return { ...wanted, args: { ...Object.fromEntries(unsaid), ...read(skill, wanted.args) } };
}

/** An argument that the skill does not take would be in no command. */
function refuseUnknown(skill: Skill, { args, slots = {} }: Pick<PlanSource, "args" | "slots">): void {
  const { shape, isOpen = true } = shapeOf(skill) ?? {};
  const named = [...Object.keys(args), ...Object.keys(slots).map(argumentOf)];
  const unknown = isOpen ? undefined : named.find((name) => !Object.hasOwn(shape ?? {}, name));
  if (unknown !== undefined)
    throw new Fault(
      "args.invalid",
      `${skill.contract.name} takes no ${unknown}. \`mh help ${skill.contract.name}\` shows what it takes.`,
    );
  const twice = Object.keys(slots).find((path) => Object.hasOwn(args, argumentOf(path)));
  if (twice !== undefined)
    throw new Fault(
      "args.invalid",
      `${skill.contract.name}: ${argumentOf(twice)} is fixed, and a slot as well. Leave one out.`,
    );
}

/** Values as the skill will read them, one by one. */
function read(skill: Skill, args: PlanSource["args"]): PlanSource["args"] {
  const { shape = {} } = shapeOf(skill) ?? {};
  const whole = Object.entries(args).map(([name, value]) => {
    const parsed = Object.hasOwn(shape, name) ? shape[name]?.safeParse(value) : undefined;
    if (parsed?.success === false) {
      const [issue] = parsed.error.issues;
      throw new Fault("args.invalid", `${skill.contract.name}: ${name}: ${issue?.message ?? "not valid"}.`);
    }
    return [name, parsed ? (parsed.data as z.core.util.JSONType) : value] as const;
  });
  return Object.fromEntries(whole);
}
