import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import type { TracedTask } from "./traced.ts";

/**
 * What this task was let make, by the id that its skill gave it: it may be worked on and shared, and nothing that stands
 * in it is lost by that.
 */
export function isMadeHere(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const takes = call.facts.takes[name];
  if (takes === undefined || ["destroy", "spend", "admin"].includes(call.effect)) return false;
  return trace.hasMade(takes, value);
}
