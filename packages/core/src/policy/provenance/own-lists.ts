import type { Call } from "@mh/contract/values/provenance.ts";
import { hasContent, type NamedLeaf } from "./arguments.ts";
import { heldIn } from "./held.ts";
import { idKindOf } from "./rows.ts";
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

function lists(trace: TracedTask, traced: TracedStep, kind: string, id: NamedLeaf["value"]): boolean {
  // The whole list: what was looked for, somebody chose.
  if (traced.step.facts.writers !== "self" || Object.keys(traced.step.args).length > 0) return false;
  return heldIn(traced, id).some(
    ({ row, field }) =>
      row.isOwn &&
      field.role === "record" &&
      idKindOf(traced.step.facts, field.name) === kind &&
      !trace.isAmbiguous(row, field),
  );
}
