import type { Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Registry } from "../kernel/registry.ts";
import { normalScope } from "../model/scope.ts";

/** A grant that would never apply is refused, so that nobody relies on it. Throws `args.invalid`, `skill.unknown`. */
export function refuseUseless(registry: Registry, skill: string, scope: Scope = {}): void {
  const why = registry.get(skill).notGrantable?.(normalScope(scope));
  if (why !== undefined) throw new Fault("args.invalid", `${skill}: ${why}.`);
}
