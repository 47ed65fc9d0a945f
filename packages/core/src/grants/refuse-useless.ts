import type { Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Plan } from "@mh/contract/values/plan.ts";
import type { PlansPort } from "../kernel/plans-port.ts";
import type { Registry } from "../kernel/registry.ts";
import { normalScope } from "../model/scope.ts";

/** A grant that would never apply is refused, so that nobody relies on it. Throws `args.invalid`, `skill.unknown`. */
export function refuseUseless(registry: Registry, skill: string, scope: Scope = {}): void {
  const why = registry.get(skill).notGrantable?.(normalScope(scope));
  if (why !== undefined) throw new Fault("args.invalid", `${skill}: ${why}.`);
}

/** A plan lifts requests, and permits nothing: a skill that is not its principal's would never run. Throws `args.invalid`. */
export function refuseUndeclared(
  plans: PlansPort,
  { principal, task, sources, steps }: Pick<Plan, "principal" | "task" | "sources" | "steps">,
): void {
  const wanted = [...Object.values(sources), ...steps].map(({ skill }) => skill);
  const missing = wanted.find((skill) => !plans.mayUse(principal, skill, task));
  if (missing === undefined) return;
  const next = plans.declares(principal)
    ? "What it may use stands in its own file."
    : `First: \`mh grant give ${principal} ${missing}\`.`;
  throw new Fault("args.invalid", `${principal} may not use ${missing}, so this plan could not be followed. ${next}`);
}
