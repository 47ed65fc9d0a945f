import type { PlanStep } from "@mh/contract/values/plan.ts";
import { loadPolicySet, shippedRules } from "@mh/core/policy/policy-set.ts";
import {
  type SimulatedCall,
  SimulatedRun,
  type SimulatedTrace,
  simulate,
  traceSchema,
} from "@mh/core/policy/provenance/simulate.ts";
import {
  type AnnouncedPlan,
  announcedIn,
  judgedPlainly,
  judgedUnder,
  plansOnce,
  simulateOnce,
} from "@mh/core/policy/provenance/simulate-once.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { attacksOf, honestCalls, modes, type Suite } from "./agentdojo.ts";
import { type AgentDyn, type DynAttack, plantedAttacks, plantedTexts, recordedAttacks } from "./agentdyn.ts";
import { type Fitted, fittedAttacks } from "./fitted-attacks.ts";

// Approval requests of honest runs, and attacks, under the plans that a careful planner announces for the honest task.

const set = loadPolicySet(nodeCrypto, shippedRules());
const at = { hour: 9, weekday: 1 };

type Tools = SimulatedTrace["tools"];
interface Run {
  prompt: string;
  calls: readonly object[];
}

const traceOf = (tools: Tools, { prompt, calls }: Run): SimulatedTrace => ({
  ...traceSchema.parse({ prompt, trust: "adaptive_auto", tools: [], calls }),
  tools,
});

const toolsOf = (tools: readonly object[]): Tools => traceSchema.parse({ prompt: "", tools, calls: [] }).tools;

export interface HonestCount {
  task: string;
  /** Approval requests for where values come from: without a plan, and with. */
  before: number;
  after: number;
  /** With no plan but one that is announced before anything of others' was read, and only where that helps. */
  firstOnly: number;
}

export const meanOf = (counts: readonly HonestCount[], of: "before" | "after" | "firstOnly"): number =>
  counts.reduce((sum, count) => sum + count[of], 0) / counts.length;

function honestCount(tools: Tools, task: string, run: Run): HonestCount {
  const trace = traceOf(tools, run);
  const before = simulate(set, trace, at).filter((verdict) => isAsked(verdict)).length;
  const { calls, first } = judgedPlainly(set, trace, at);
  const asked = (isTime: (n: number) => boolean) => announcedIn(new SimulatedRun(set, trace, at), trace, calls, isTime);
  const planned = asked((n) => n === first);
  const firstOnly = Math.min(asked(() => false).asked, planned.announced.length + planned.asked);
  return { task, before, after: simulateOnce(set, trace, at).plan.requests, firstOnly };
}

const isAsked = ({ layers }: { layers: readonly { layer: string; verdict: string }[] }): boolean =>
  layers.some(({ layer, verdict }) => layer === "provenance" && verdict !== "allow");

/** What the owner approved for one task, in all the honest runs of it that there are. */
interface Approved {
  plans: AnnouncedPlan[];
  honest: SimulatedCall[];
}

function approvedFor(tools: Tools, runs: readonly Run[]): Approved {
  const traces = runs.map((run) => traceOf(tools, run));
  const plans = traces.flatMap((trace, n) =>
    plansOnce(set, trace, at).map((plan) => ({ ...plan, id: `run-${n + 1}-${plan.id}` })),
  );
  return { plans, honest: traces.flatMap(({ calls }) => calls) };
}

/** How an attack ends: every call that carries it out passes, or some do; `named`: those that pass are steps of the plan. */
export type Outcome = "stopped" | "unasked" | "partial" | "named";

interface Attack extends Run {
  /** Positions of what carries it out. */
  sinks: readonly number[];
}

function outcomeOf(tools: Tools, attack: Attack, { plans, honest }: Approved): Outcome {
  const trace = traceOf(tools, attack);
  const { verdicts } = judgedUnder(set, trace, at, { plans, honest, isOwnRun: false });
  const passed = attack.sinks.filter((n) => !isAsked(verdicts[n] as (typeof verdicts)[number]));
  if (passed.length === 0) return "stopped";
  const steps = new Map<string, PlanStep>(
    plans.flatMap(({ id, steps }) => steps.map((step, n) => [`${id}/${n + 1}`, step])),
  );
  const isNamed = (n: number): boolean => {
    const step = steps.get(verdicts[n]?.plan?.step ?? "");
    const call = trace.calls[n] as SimulatedCall;
    const control = tools.find(({ name }) => name === call.tool)?.control_args ?? [];
    return step !== undefined && control.every((name) => !(name in call.args) || name in step.args);
  };
  if (passed.every(isNamed)) return "named";
  return passed.length === attack.sinks.length ? "unasked" : "partial";
}

export interface AttackCount {
  of: number;
  unasked: string[];
  partial: string[];
  named: string[];
}

function counted(attacks: Iterable<{ name: string; outcome: Outcome }>): AttackCount {
  const count: AttackCount = { of: 0, unasked: [], partial: [], named: [] };
  for (const { name, outcome } of attacks) {
    count.of += 1;
    if (outcome !== "stopped") count[outcome].push(name);
  }
  return count;
}

export const dojoHonest = (suites: readonly Suite[]): HonestCount[] =>
  suites.flatMap((suite) => {
    const tools = toolsOf(suite.tools);
    return suite.user_tasks.map((task) =>
      honestCount(tools, `${suite.name} ${task.id}`, { prompt: task.prompt, calls: honestCalls(suite, task) }),
    );
  });

/** Slots of plans that are announced first, and those that took a value of an attacker who knows the plan. */
function fittedIn(runs: readonly { tools: Tools; run: Run }[]): Fitted {
  const all = runs.map(({ tools, run }) => fittedAttacks(set, traceOf(tools, run)));
  return { slots: all.reduce((sum, { slots }) => sum + slots, 0), took: all.flatMap(({ took }) => took) };
}

export const dojoFitted = (suites: readonly Suite[]): Fitted =>
  fittedIn(
    suites.flatMap((suite) => {
      const tools = toolsOf(suite.tools);
      return suite.user_tasks.map((task) => ({
        tools,
        run: { prompt: task.prompt, calls: honestCalls(suite, task) },
      }));
    }),
  );

export const dynFitted = (dyn: AgentDyn): Fitted => {
  const tools = toolsOf(dyn.tools);
  return fittedIn(dyn.benign.map((run) => ({ tools, run })));
};

export const dojoModes = modes;

/** `every`: each so many of them. */
export function dojoAttacks(suites: readonly Suite[], mode: (typeof modes)[number], every = 1): AttackCount {
  return counted(
    suites.flatMap((suite) => {
      const tools = toolsOf(suite.tools);
      const approved = new Map(
        suite.user_tasks.map((task) => [
          task,
          approvedFor(tools, [{ prompt: task.prompt, calls: honestCalls(suite, task) }]),
        ]),
      );
      const attacks = [...attacksOf(suite, mode)].filter((_attack, n) => n % every === 0);
      return attacks.map(({ name, task, before, own }) => {
        const calls = [...before, ...own];
        const sinks = own.map((_call, n) => before.length + n);
        const plans = approved.get(task) as Approved;
        return { name, outcome: outcomeOf(tools, { prompt: task.prompt, calls, sinks }, plans) };
      });
    }),
  );
}

/** By task, over the recorded runs of it. */
export function dynHonest(dyn: AgentDyn): HonestCount[] {
  const tools = toolsOf(dyn.tools);
  return [...Map.groupBy(dyn.benign, ({ task }) => task)].map(([task, runs]) => {
    const counts = runs.map((run) => honestCount(tools, task, run));
    const [before, after, firstOnly] = (["before", "after", "firstOnly"] as const).map((of) => meanOf(counts, of));
    return { task, before, after, firstOnly } as HonestCount;
  });
}

export const dynModes = ["recorded", ...plantedTexts] as const;

/**
 * Under all that was approved in any honest run of the task; where none was recorded, for the attacked run's other calls.
 * `every`: each so many of them.
 */
export function dynAttacks(dyn: AgentDyn, mode: (typeof dynModes)[number], every = 1): AttackCount {
  const tools = toolsOf(dyn.tools);
  const runs = Map.groupBy(dyn.benign, ({ task }) => task);
  const approved = new Map([...runs].map(([task, of]) => [task, approvedFor(tools, of)]));
  const attacks = mode === "recorded" ? recordedAttacks(dyn) : plantedAttacks(dyn, mode);
  const ownPlans = ({ prompt, calls, sinks }: DynAttack): Approved =>
    approvedFor(tools, [{ prompt, calls: calls.filter((_call, n) => !sinks.includes(n)) }]);
  return counted(
    attacks
      .filter((_attack, n) => n % every === 0)
      .map((attack) => ({
        name: attack.name,
        outcome: outcomeOf(tools, attack, approved.get(attack.task) ?? ownPlans(attack)),
      })),
  );
}
