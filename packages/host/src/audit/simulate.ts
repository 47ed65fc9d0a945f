import { Fault } from "@mh/contract/values/fault.ts";
import type { PlanCard } from "@mh/contract/values/plan.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { planCard } from "@mh/core/grants/plan-card.ts";
import { isNestedTooDeep, nestingMax } from "@mh/core/model/nesting.ts";
import { localOf, weekdayOf } from "@mh/core/model/wall-clock.ts";
import { loadPolicySet, shippedRules } from "@mh/core/policy/policy-set.ts";
import {
  type SimulatedTrace,
  type SimulatedVerdict,
  simulate,
  traceSchema,
} from "@mh/core/policy/provenance/simulate.ts";
import { type OnceReport, simulateOnce } from "@mh/core/policy/provenance/simulate-once.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";

interface Simulated {
  trace: SimulatedTrace;
  verdicts: SimulatedVerdict[];
  /** What was announced, where the trace asks for a plan or gives one. */
  plan?: SimulatedPlans;
}

/** Plans with the card that the owner is asked by. */
export interface SimulatedPlans extends Omit<OnceReport["plan"], "announced"> {
  announced: (OnceReport["plan"]["announced"][number] & { card: PlanCard })[];
}

/** What one line of standard input comes to. Throws `usage` for what is no trace. */
export function simulateLine(text: string, line: number, rules: readonly PolicyRule[] = shippedRules()): Simulated {
  const local = localOf(Date.now(), undefined);
  const at = { hour: local.hour, weekday: weekdayOf(local) };
  const trace = readTrace(text, line);
  const set = loadPolicySet(nodeCrypto, rules);
  if (trace.plan === undefined) return { trace, verdicts: simulate(set, trace, at) };
  const { verdicts, plan } = simulateOnce(set, trace, at);
  return { trace, verdicts, plan: { ...plan, announced: plan.announced.map((each) => withCard(each, trace)) } };
}

type Announced = SimulatedPlans["announced"][number];

function withCard<Plan extends Omit<Announced, "card">>(plan: Plan, { prompt, tools }: SimulatedTrace) {
  const { sources, steps } = plan;
  const asked = { title: prompt, principal: "agent:simulated", task: "of this trace", sources, steps };
  const card = planCard(asked, (skill) => {
    const tool = tools.find(({ name }) => name === skill);
    // A trace says neither how a tool is undone nor all that it takes.
    const takes = tool && [...tool.control_args, ...tool.content_args];
    return takes && { title: skill, effects: [tool.effect], undo: null, takes, isOpen: true };
  });
  return { ...plan, card };
}

function readTrace(text: string, line: number): SimulatedTrace {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault("usage", `Line ${line} is no JSON. One trace a line: \`mh policy simulate --help\``);
  }
  if (isNestedTooDeep(value)) throw new Fault("usage", `Line ${line} is nested deeper than ${nestingMax} levels.`);
  const read = traceSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Fault("usage", `Line ${line}: ${issue?.path.join(".") || "the trace"}: ${issue?.message ?? "not valid"}.`);
}
