import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { sameValue } from "./kinds.ts";
import { idKindOf, rowsOf } from "./rows.ts";
import { standsIn } from "./sources.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

// Words by which several are meant, and the planner picks them: "take all but the lamp out".
const several = new Set(["all", "every", "everything", "each", "both", "any", "rest", "others", "except"]);

/**
 * One of several entries that the owner means, of what she alone writes, while the task has read nothing of others':
 * nobody can have talked the planner over. For changes that can be undone; what it mistakes, other layers are for.
 */
export function isOwnEntryUnread(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const takes = call.facts.takes[name];
  if ((call.effect !== "write" && call.effect !== "local") || trace.isTainted || takes === undefined) return false;
  if (![...several].some((word) => trace.words.all.has(word))) return false;
  return trace.steps.some((traced) => holdsId(trace, traced, takes, value));
}

function holdsId(
  trace: TracedTask,
  { step, isFound, text }: TracedStep,
  takes: string,
  id: NamedLeaf["value"],
): boolean {
  if (step.facts.writers !== "self" || !isFound || !standsIn(text, String(id))) return false;
  const reading = { isFound, isSelf: (each: unknown) => trace.isSelf(each) };
  for (const row of rowsOf(step, { leaves: bounds.leaves, chars: bounds.answerChars }, reading)) {
    const isIt = row.fields.some((field) => {
      const isId = field.role === "record" && idKindOf(step.facts, field.name) === takes;
      return isId && sameValue(field.value, id, "id") && !trace.isAmbiguous(row, field);
    });
    if (row.isOwn && isIt) return true;
  }
  return false;
}
