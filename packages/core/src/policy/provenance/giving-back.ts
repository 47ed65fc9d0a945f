import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { canonicalOf, kindOf, sameValue } from "./kinds.ts";
import { authorOf } from "./payments.ts";
import type { TracedTask } from "./traced.ts";

/**
 * "Give the 12 that I just got back": to whom the system says the one incoming payment over 12 came from, once, no more
 * than that, and with words of the owner's. An account that stands in a text is not in it.
 */
export function isGivenBack(
  trace: TracedTask,
  call: Call,
  controls: readonly NamedLeaf[],
  texts: readonly NamedLeaf[],
): boolean {
  if (call.effect !== "spend" || controls.length !== 2 || !trace.words.askFor(["return"])) return false;
  if (!receipts.some((word) => trace.words.all.has(word))) return false;
  const sum = controls.find(({ name, value }) => kindOf(value, call.facts.types[name]) === "amount");
  const payee = controls.find((leaf) => leaf !== sum);
  if (!sum || !payee || call.facts.types[sum.name] === undefined || call.facts.types[payee.name] === undefined)
    return false;
  const wasPaid = trace.steps.some(
    ({ step }) => step.effect === "spend" && Object.values(step.args).some((each) => sameValue(each, payee.value)),
  );
  if (wasPaid || !texts.every((leaf) => isOwners(trace, leaf))) return false;
  const amount = Number(canonicalOf(sum.value, "amount"));
  return trace.words.amounts.some((named) => {
    const [row, ...others] = trace.paidIn(named);
    if (!row?.isFound || others.length > 0 || !(amount > 0 && amount <= named)) return false;
    return sameValue(authorOf(row), payee.value);
  });
}

const receipts = ["got", "received", "sent", "gave", "paid", "transferred"];

function isOwners(trace: TracedTask, { value }: NamedLeaf): boolean {
  if (typeof value === "boolean" || kindOf(value, undefined) === "date") return true;
  return trace.words.haveAllOf(value);
}
