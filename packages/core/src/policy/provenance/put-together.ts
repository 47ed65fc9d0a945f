import type { Call, Step } from "@mh/contract/values/provenance.ts";
import { hasContent, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { isConfirming } from "./confirmations.ts";
import { isRecord } from "./entries.ts";
import { canonicalOf, kindOf, sameValue } from "./kinds.ts";
import { standsIn } from "./sources.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

const plainName = /^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,100}$/u;

/** A path of a folder that the owner named, and names that she named. What it may destroy, she names whole. */
export function isPathPutTogether({ words }: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  if (call.effect === "destroy" || call.effect === "admin" || call.effect === "spend") return false;
  const declared = call.facts.types[name];
  if (declared === undefined || kindOf(value, declared) !== "path") return false;
  const names = canonicalOf(value, "path").split("/");
  // A word of any sentence may be a name, too: nothing is sent for that.
  const isName = (each: string): boolean =>
    words.has(each, "name") && (call.effect !== "send" || /[^\p{L}]/u.test(each));
  const isNamed = (each: string): boolean => plainName.test(each) && (words.lastNames.has(each) || isName(each));
  for (let n = names.length - 1; n > 0; n -= 1) {
    if (!isNamed(names[n] as string)) return false;
    const folder = names.slice(0, n).join("/");
    if (folder.includes("/") && !folder.includes(":") && words.has(folder, "path")) return true;
  }
  return false;
}

/**
 * "owner/name": a name that the owner typed by itself, under an account that her own profile names as hers, or as the
 * call that made it reports it.
 */
export function isNamePutTogether(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const declared = call.facts.types[name];
  if (declared === undefined || kindOf(value, declared) !== "name") return false;
  const [account = "", own = "", ...rest] = String(value).split("/");
  if (rest.length > 0 || !plainName.test(account) || !plainName.test(own)) return false;
  if (!trace.words.has(own, "name")) return false;
  if (trace.steps.some((traced) => isAccountOf(traced, account))) return true;
  return call.effect !== "destroy" && isReported(trace.steps, own, String(value));
}

/** The owner's own profile is one record that nobody else writes; those whom it lists are others. */
function isAccountOf({ step: { facts, output }, isFound }: TracedStep, account: string): boolean {
  if (facts.writers !== "self" || !isFound || !isRecord(output)) return false;
  const own = Object.entries(output).filter(([field]) => facts.fields[field] === "party");
  return own.some(([, each]) => typeof each === "string" && sameValue(each, account, "name"));
}

/** The call that made it, or the one that confirmed it, reports it so; a call that carries text may only repeat that. */
function isReported(steps: readonly TracedStep[], own: string, whole: string): boolean {
  const made = steps.findIndex(
    ({ step }) => isMaking(step) && step.facts.control.some((name) => sameValue(step.args[name] ?? "", own, "name")),
  );
  return (
    made !== -1 &&
    steps
      .slice(made)
      .some(
        ({ step, text }, n) =>
          (n === 0 || isConfirming(step)) && text.length <= bounds.statusChars && standsIn(text, whole),
      )
  );
}

function isMaking(step: Step): boolean {
  return (step.effect === "write" || step.effect === "local") && !hasContent(step);
}
