import type { Digest, PlanTask } from "../policy/plan/plan-state.ts";

/** What plans, and nobody else, may ask of the kernel. */
export interface PlansPort {
  /** What a task did up to now. */
  soFar(task: string): PlanTask;
  digest: Digest;
}
