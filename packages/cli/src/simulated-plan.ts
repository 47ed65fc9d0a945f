import type { PlanSource, PlanStep, Slot } from "@mh/contract/values/plan.ts";
import { timesOf } from "@mh/contract/values/plan.ts";
import { visible } from "@mh/core/model/visible.ts";
import type { OnceReport } from "@mh/core/policy/provenance/simulate-once.ts";
import { type Printer, table } from "./print.ts";

/** The plans that would have been announced in a run, and what is left to ask about: a table of their steps. */
export function showSimulatedPlan(print: Printer, { announced, requests }: OnceReport["plan"]): void {
  const { dim } = print.color;
  const counted = requests === 1 ? "1 approval request" : `${requests} approval requests`;
  const plans = announced.length === 1 ? "1 for a plan" : `${announced.length} for plans`;
  print.line(`  ${counted}${announced.length === 0 ? ", no plan" : `, ${plans}`}`);
  for (const { id, before, isFirst, steps, sources } of announced) {
    const when = isFirst ? ", with nothing of others' read" : "";
    print.line(`  ${id} ${dim(`announced before ${visible(before)}${when}`)}`);
    const rows = [
      ...steps.map((step, n) => [`    ${n + 1}`, visible(step.skill), `${timesOf(step)}×`, argumentsOf(step)]),
      ...Object.entries(sources).map(([name, source]) => [
        "    reads",
        visible(source.skill),
        name,
        argumentsOf(source),
      ]),
    ];
    print.line(table(rows, print.width, { head: ["    step", "skill", "times", "arguments"] }));
  }
}

/** Fixed values whole; slots with all that bounds them. */
function argumentsOf({ args, slots = {} }: Pick<PlanStep | PlanSource, "args" | "slots">): string {
  const fixed = Object.entries(args).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const filled = Object.entries(slots).map(([path, slot]) => `${path} ${slotWords(slot)}`);
  return visible([...fixed, ...filled].join("; "));
}

function slotWords({ from, field, kind, atMost, inAll, oneOf, where = {}, many }: Slot): string {
  const entry = Object.entries(where).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const parts = [
    from !== undefined && `from ${from}${field === undefined ? "" : `, field ${field}`}`,
    entry.length > 0 && `where ${entry.join(" and ")}`,
    kind !== undefined && `a value of kind ${kind}`,
    atMost !== undefined && `at most ${atMost}`,
    inAll !== undefined && `${inAll} in all`,
    oneOf && `one of ${oneOf.map((each) => JSON.stringify(each)).join(", ")}`,
    many !== undefined && `at most ${many} of them`,
  ];
  return parts.filter((part) => typeof part === "string").join(", ");
}
