import type { Call } from "@mh/contract/values/provenance.ts";
import { hasContent, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { sameValue } from "./kinds.ts";
import { idKindOf, rowsOf } from "./rows.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

// Words by which several are meant, and the planner picks them; else the words describe the one.
const several = ["all", "every", "everything", "each", "both", "any", "rest", "others", "except", "but"];

/**
 * One entry of several that the owner means, in a list of her own, for what can be undone, in a task that read nothing of
 * anybody else's: nobody can have talked the planner over. Its mistakes are another layer's.
 */
export function isOfOwnList(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const takes = call.facts.takes[name];
  if (takes === undefined || trace.isTainted || call.effect !== "write" || hasContent(call)) return false;
  if (!several.some((word) => trace.words.all.has(word))) return false;
  return trace.steps.some((traced) => lists(trace, traced, takes, value));
}

function lists(trace: TracedTask, { step }: TracedStep, kind: string, id: NamedLeaf["value"]): boolean {
  // The whole list: what was looked for, somebody chose.
  if (step.facts.writers !== "self" || Object.keys(step.args).length > 0) return false;
  const reading = { isFound: true, isSelf: () => false };
  for (const row of rowsOf(step, { leaves: bounds.leaves, chars: bounds.answerChars }, reading)) {
    const isIn = row.fields.some((field) => {
      const isId = field.role === "record" && idKindOf(step.facts, field.name) === kind;
      return isId && sameValue(field.value, id, "id") && !trace.isAmbiguous(row, field);
    });
    if (row.isOwn && isIn) return true;
  }
  return false;
}
