import { isReading } from "@mh/contract/values/effect.ts";
import type { Call } from "@mh/contract/values/provenance.ts";
import { leavesOf, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { wordsIn } from "./kinds.ts";
import { standsIn } from "./sources.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

const code = /^(?=.*\d)[0-9A-Z]{4,10}$/;
const asks = /\b(?:otp|one[- ]time|(?:pass)?codes?|verif(?:y|ied|ication)|confirm(?:ed|ation)?)\b/i;
const confirming = new Set(["confirm", "verify", "validate", "authenticate", "authorize", "authorise"]);
// What sets a code does not ask for one.
const setting = new Set([
  ...["set", "change", "update", "reset", "edit", "replace", "add", "create", "register", "enable", "disable", "new"],
  ...["delete", "remove", "save", "store", "send", "share", "forward"],
]);

/**
 * A code that confirms what the task was just let do: the only argument of a skill that confirms, once for each call that
 * asked for one, and read since then. A code that was there before belongs to something else. A wrong code confirms
 * nothing, so it does not matter who wrote it. A manifest may declare which calls wait for which code.
 */
export function isConfirmation(trace: TracedTask, call: Call, leaf: NamedLeaf): boolean {
  if (!isConfirming(call)) return false;
  const declared = declaredFor(call, leaf.name);
  if (!declared && call.facts.types[leaf.name] !== "secret") return false;
  if (!declared && leavesOf(call, Object.keys(call.args), { leaves: 10, chars: 1_000 }).all.length !== 1) return false;
  const value = String(leaf.value);
  if (!code.test(value)) return false;
  const pending = pendingSince(trace.steps, declared ?? []);
  if (pending === -1) return false;
  const holds = ({ text }: TracedStep) => standsIn(text, value);
  return trace.steps.slice(pending + 1).some(holds) && !trace.steps.slice(0, pending + 1).some(holds);
}

/** A skill whose name, or declared verbs, say that it confirms, and that it sets nothing. */
export function isConfirming({ effect, facts: { verbs, confirms } }: Pick<Call, "effect" | "facts">): boolean {
  if (isReading(effect) || effect === "destroy" || effect === "admin") return false;
  if (Object.keys(confirms).length > 0) return true;
  const words = verbs.flatMap(wordsIn);
  return words.some((word) => confirming.has(word)) && !words.some((word) => setting.has(word));
}

/** The skills whose calls a code completes, where the manifest says so. */
const declaredFor = ({ facts: { confirms } }: Call, name: string): readonly string[] | undefined =>
  Object.hasOwn(confirms, name) ? confirms[name] : undefined;

/** The first call that still waits for its code: each confirmation answers one. -1: none. */
function pendingSince(steps: readonly TracedStep[], declared: readonly string[]): number {
  const waiting: number[] = [];
  for (const [n, traced] of steps.entries())
    if (isConfirming(traced.step)) waiting.shift();
    else if (declared.length > 0 ? declared.includes(traced.step.skill ?? "") : asksForCode(traced)) waiting.push(n);
  return waiting[0] ?? -1;
}

/** A service's own status report; the text of a document or a page asks for nothing. */
function asksForCode({ step: { effect, facts }, text }: TracedStep): boolean {
  if (isReading(effect) && facts.writers !== "self" && facts.output !== "trusted") return false;
  return text.length <= bounds.statusChars && asks.test(text);
}
