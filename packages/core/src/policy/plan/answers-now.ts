import { Answers, type SourceAnswer } from "./answers.ts";
import { NotFilled } from "./fill.ts";
import { type Digest, freshPlan, type PlanState, type PlanTask } from "./plan-state.ts";

/** What the sources of a plan that is being proposed said already: it is going to be bound to that. */
export function answersNow(plan: PlanState["plan"], task: PlanTask, digest: Digest): SourceAnswer[] {
  const answers = new Answers(freshPlan("", plan), task, digest);
  return Object.keys(plan.sources).flatMap((name) => {
    try {
      answers.of(name);
      return answers.heard(name);
    } catch (error) {
      if (error instanceof NotFilled) return [];
      throw error;
    }
  });
}
