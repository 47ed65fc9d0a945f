import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
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
  /** The plan that a careful planner would announce, where the trace asks for one. */
  plan?: OnceReport["plan"];
}

/** What one line of standard input comes to. Throws `usage` for what is no trace. */
export function simulateLine(text: string, line: number, rules: readonly PolicyRule[] = shippedRules()): Simulated {
  const local = localOf(Date.now(), undefined);
  const at = { hour: local.hour, weekday: weekdayOf(local) };
  const trace = readTrace(text, line);
  const set = loadPolicySet(nodeCrypto, rules);
  if (trace.plan === undefined) return { trace, verdicts: simulate(set, trace, at) };
  return { trace, ...simulateOnce(set, trace, at) };
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
