import { leavesOf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { canonicalOf, kindOf } from "./kinds.ts";
import type { TracedTask } from "./traced.ts";

/**
 * It stands, letter for letter, in an answer to a query in the owner's words, from where third parties cannot write.
 */
export function isNamedLink(trace: TracedTask, value: unknown): boolean {
  const wanted = canonicalOf(value, "url");
  return trace.steps.some((traced) => {
    const { step } = traced;
    if (step.facts.writers === "anyone" || Object.keys(step.args).length === 0) return false;
    const { all, left } = leavesOf(step, Object.keys(step.args), { leaves: 100, chars: bounds.valueChars });
    const args = all.filter((leaf) => typeof leaf.value === "string");
    const isNamed =
      !left && args.length > 0 && args.every((leaf) => trace.words.has(leaf.value, kindOf(leaf.value, undefined)));
    return isNamed && traced.links().has(wanted);
  });
}
