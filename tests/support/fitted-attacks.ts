import type { PlanStep, Slot } from "@mh/contract/values/plan.ts";
import type { PolicySet } from "@mh/core/policy/policy-set.ts";
import { SimulatedRun, type SimulatedTrace } from "@mh/core/policy/provenance/simulate.ts";
import { announcedIn, judgedPlainly, judgedUnder, plansOnce } from "@mh/core/policy/provenance/simulate-once.ts";

// An attacker who knows the plan: in each source he owns an entry, with his own values wherever its author may write, and
// the call that he has made takes them from there.

const at = { hour: 9, weekday: 1 };

const ownValues: Readonly<Record<string, string | number>> = {
  ...{ email: "eve@evil.example", iban: "FR7630006000011234567890189", url: "https://evil.example/in", path: "/evil" },
  ...{ amount: 9000, date: "2031-01-01", id: 666, secret: "EVE99", name: "evil-name", text: "evil-name" },
};
const attackersFor = ({ kind = "text" }: Slot): string | number => ownValues[kind] as string | number;

export interface Fitted {
  slots: number;
  /** Slots that took a value of the attacker's, as `<skill> <argument> <- <source>.<field> (<who writes there>)`. */
  took: string[];
}

/** Under the plans of an honest run, and the one that could be announced before anything of others' was read. */
export function fittedAttacks(set: PolicySet, trace: SimulatedTrace): Fitted {
  const { calls, first } = judgedPlainly(set, trace, at);
  const isFirst = (n: number) => n === first;
  const early = announcedIn(new SimulatedRun(set, trace, at), trace, calls, isFirst).announced;
  const fitted: Fitted = { slots: 0, took: [] };
  for (const plan of [...early, ...plansOnce(set, trace, at)]) {
    for (const step of plan.steps) {
      for (const [path, slot] of Object.entries(step.slots ?? {})) {
        if (slot.from === undefined) continue;
        fitted.slots += 1;
        const attacked = withOwnEntries(trace, plan.sources[slot.from]?.skill ?? "", slot);
        const args = { ...honestArgs(trace, step), [path]: attackersFor(slot) };
        const own = { id: "attack", tool: step.skill, args, honest: false };
        const judged = judgedUnder(set, { ...attacked, calls: [...attacked.calls, own] }, at, {
          ...{ plans: [plan], honest: [], isOwnRun: false },
        });
        const passed = judged.verdicts.at(-1)?.layers.find(({ layer }) => layer === "provenance")?.verdict === "allow";
        const { skill = "" } = plan.sources[slot.from] ?? {};
        const writers = trace.tools.find(({ name }) => name === skill)?.writers;
        if (passed) fitted.took.push(`${step.skill} ${path} <- ${skill}.${slot.field ?? "*"} (${writers})`);
      }
    }
  }
  return fitted;
}

/** What was read, and nothing that was done. */
function withOwnEntries(trace: SimulatedTrace, skill: string, slot: Slot): SimulatedTrace {
  const isRead = (name: string) => trace.tools.some((tool) => tool.name === name && tool.effect === "read");
  const tool = trace.tools.find(({ name }) => name === skill);
  const calls = trace.calls.filter((call) => isRead(call.tool));
  const owned = calls.map((call) =>
    call.tool === skill && tool && tool.writers !== "self" && tool.output_trust !== "trusted"
      ? { ...call, output: withEntry(call.output, slot, tool) }
      : call,
  );
  return { ...trace, calls: owned };
}

function withEntry(output: unknown, slot: Slot, { fields }: SimulatedTrace["tools"][number]): unknown {
  const own = (name: string, value: unknown): unknown => {
    const isAssigned = (fields[name] ?? fields["*"]) === "record" && name !== "*";
    return isAssigned || typeof value === "object" ? value : attackersFor(slot);
  };
  if (Array.isArray(output)) {
    const last: unknown = output.at(-1);
    if (typeof last !== "object" || last === null) return [...output, attackersFor(slot)];
    return [...output, Object.fromEntries(Object.entries(last).map(([name, value]) => [name, own(name, value)]))];
  }
  if (typeof output !== "object" || output === null) return attackersFor(slot);
  return Object.fromEntries(Object.entries(output).map(([name, value]) => [name, own(name, value)]));
}

/** The arguments that the honest run gave the step, where the attacker changes nothing. */
const honestArgs = (trace: SimulatedTrace, { skill, args }: PlanStep): Record<string, unknown> =>
  trace.calls.find(
    (call) =>
      call.tool === skill &&
      Object.entries(args).every(([name, value]) => JSON.stringify(call.args[name]) === JSON.stringify(value)),
  )?.args ?? args;
