import { kindOf, type Principal } from "@mh/contract/values/principal.ts";
import type { Digest, PlanTask } from "../policy/plan/plan-state.ts";
import type { KernelParts } from "./parts.ts";
import { mayUse } from "./situation.ts";

/** What plans, and nobody else, may ask of the kernel. */
export interface PlansPort {
  /** What a task did up to now. */
  soFar(task: string): PlanTask;
  digest: Digest;
  /** Whether the skill is declared for somebody, or granted, at all. */
  mayUse(principal: Principal, skill: string, task: string): boolean;
  /** Whether what somebody may use stands in a file of theirs. */
  declares(principal: Principal): boolean;
}

export const plansPort = ({ traces, planDigest, reader, clock, declared }: KernelParts): PlansPort => ({
  soFar: (task) => traces.soFar(task),
  digest: planDigest,
  mayUse: (principal, skill, task) => mayUse({ db: reader, now: clock.now(), declared, principal, skill, task }),
  declares: (principal) => kindOf(principal) !== "client" && declared(principal, reader) !== undefined,
});
