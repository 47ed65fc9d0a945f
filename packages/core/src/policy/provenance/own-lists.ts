import type { Call } from "@mh/contract/values/provenance.ts";
import { hasContent, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { sameValue } from "./kinds.ts";
import { idKindOf, rowsOf } from "./rows.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

/**
 * One entry of a list of the owner's own, for what can be undone, in a task that read nothing of anybody else's: nobody
 * can have talked the planner over. Its mistakes are another layer's.
 */
export function isOfOwnList(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const takes = call.facts.takes[name];
  if (takes === undefined || trace.isTainted || call.effect !== "write" || hasContent(call)) return false;
  return trace.steps.some((traced) => lists(traced, takes, value));
}

function lists({ step }: TracedStep, kind: string, id: NamedLeaf["value"]): boolean {
  // The whole list: what was looked for, somebody chose.
  if (step.facts.writers !== "self" || Object.keys(step.args).length > 0) return false;
  const reading = { isFound: true, isSelf: () => false };
  for (const { fields, isOwn } of rowsOf(step, { leaves: bounds.leaves, chars: bounds.answerChars }, reading)) {
    const isIn = fields.some(
      ({ name, role, value }) => role === "record" && idKindOf(step.facts, name) === kind && sameValue(value, id, "id"),
    );
    if (isOwn && isIn) return true;
  }
  return false;
}
