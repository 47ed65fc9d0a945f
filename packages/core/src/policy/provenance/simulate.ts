import { type Decision, effects, type Layer, risks, type Scope, trustLevels } from "@mh/contract/values/effect.ts";
import { checkPlan, planSourcesSchema, planStepsSchema } from "@mh/contract/values/plan.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { principalSchema } from "@mh/contract/values/principal-schema.ts";
import { type Step, type ToolFacts, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import type { LayerReport, PolicyRequest } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { covers, placesOf } from "../../model/scope.ts";
import { judge } from "../judge.ts";
import { coveringStep } from "../plan/covering-step.ts";
import { afterUse, type Covering, freshPlan, type PlanState } from "../plan/plan-state.ts";
import type { PolicySet } from "../policy-set.ts";
import { bounds } from "./bounds.ts";
import { type ArgumentReport, judgeCall } from "./judge-call.ts";
import type { Sourced } from "./sources.ts";
import { Trace } from "./trace.ts";
import { verbsIn } from "./verbs.ts";

const facts = toolFactsSchema.shape;

export const toolSchema = z.object({
  name: z.string().min(1).max(300),
  effect: z.enum(effects),
  risk: z.enum(risks).default("low"),
  control_args: facts.control,
  content_args: facts.content,
  output_trust: facts.output,
  types: facts.types,
  fields: facts.fields,
  author: facts.author,
  writers: facts.writers,
  private: facts.private,
  ids: facts.ids,
  takes: facts.takes,
  origins: facts.origins,
  verbs: facts.verbs,
  defaults: facts.defaults,
  values: facts.values,
  shared_with: facts.sharedWith,
  confirms: facts.confirms,
  /** The skill by whose name rules and grants know it; left out, its own name. */
  skill: z.string().min(1).max(300).optional(),
});

const touched = z.array(z.string().max(5000)).max(1000);

const callSchema = z.object({
  id: z.string(),
  tool: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
  output: z.unknown().optional(),
  /** It is no call of an attack: a plan is made of such calls alone. */
  honest: z.boolean().default(true),
  /** What the owner typed after the call before; with the prompt, these are the owner's words. */
  said: z.string().optional(),
  /** What it touches outside; left out, nothing. */
  scope: z.strictObject({ paths: touched, hosts: touched, recipients: touched }).partial().optional(),
  /** It touches rules, settings or keys of the agent itself. */
  isProtected: z.boolean().optional(),
});
export type SimulatedCall = z.infer<typeof callSchema>;

const callsSchema = z.array(callSchema).max(10_000);

const planSchema = z
  .object({ sources: planSourcesSchema().default({}), steps: planStepsSchema() })
  .superRefine(checkPlan);

/** One run of an agent: what its owner typed, the tools it had, and the calls it made with what they answered. */
export const traceSchema = z.object({
  prompt: z.string(),
  /** The owner's own addresses. */
  self: z.array(z.string().max(1000)).max(100).default([]),
  trust: z.enum(trustLevels).default("suggest"),
  /** What was granted before, by skill; left out, everything. */
  grants: z
    .array(z.object({ skill: z.string(), scope: callSchema.shape.scope.default({}) }))
    .max(10_000)
    .optional(),
  /** The skills that it declares; left out, everything. */
  may: z.array(z.string().max(300)).max(1000).optional(),
  /** Whom rules know it as. */
  principal: principalSchema.optional(),
  tools: z
    .array(toolSchema)
    .max(1000)
    .refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, "two tools have one name"),
  calls: callsSchema,
  /** With the plan that a careful planner would announce, or under plans that were approved before. */
  plan: z.union([z.literal("once"), planSchema, z.array(planSchema).max(100)]).optional(),
  /** An honest run of the same task, which the plan is made of instead of the trace's own calls. */
  planOf: callsSchema.optional(),
});
export type SimulatedTool = z.infer<typeof toolSchema> & { facts: ToolFacts };
export type SimulatedTrace = z.infer<typeof traceSchema>;

export interface SimulatedVerdict {
  id: string;
  verdict: Decision;
  layer: Layer;
  layers: LayerReport[];
  rules: string[];
  arguments: Pick<Sourced<ArgumentReport>, "path" | "value" | "origins" | "vouched">[];
  /** What of an approved plan covers the call, as `<plan>/<step>`. */
  plan?: { step: string };
}

/** The hour and weekday that the rules see. */
export interface SimulatedTime {
  hour: number;
  weekday: number;
}

const simulated = agent("simulated");
const noLimit = 1_000_000;

/**
 * What the gate would have said to each call of a run, with everything granted and nothing executed. Each call is judged
 * as if those before it had been let through.
 */
export function simulate(set: PolicySet, trace: SimulatedTrace, at: SimulatedTime): SimulatedVerdict[] {
  const run = new SimulatedRun(set, trace, at);
  return trace.calls.map((call) => {
    const judged = run.judge(call);
    run.take(judged);
    return judged.verdict;
  });
}

export interface JudgedStep {
  verdict: SimulatedVerdict;
  /** None where nobody declared the tool. */
  step?: Step & { skill: string };
  reports: Sourced<ArgumentReport>[];
  /** The values that a person would be asked about. */
  open: Sourced<ArgumentReport>[];
  state?: { before: PlanState; covering: Covering };
}

/** A run whose calls are judged one after the other, under plans that were approved up to there. */
export class SimulatedRun {
  readonly #set: PolicySet;
  readonly #trace: SimulatedTrace;
  readonly #at: SimulatedTime;
  readonly #tools: ReadonlyMap<string, SimulatedTool>;
  readonly #grants: { skill: string; scope: Scope }[] | undefined;
  readonly #isLater: boolean;
  #task: Trace;
  /** The call before which the owner typed last. */
  #heard: Pick<SimulatedCall, "said"> | undefined;
  #plans: PlanState[] = [];

  /** `isLater`: what the owner types vouches for no call before it. */
  constructor(set: PolicySet, trace: SimulatedTrace, at: SimulatedTime, { isLater = false } = {}) {
    this.#set = set;
    this.#isLater = isLater;
    this.#trace = trace;
    this.#at = at;
    this.#tools = new Map(trace.tools.map((tool) => [tool.name, { ...tool, facts: factsOf(tool) }]));
    this.#grants = trace.grants && [...trace.grants];
    this.#task = new Trace(trace.prompt, { self: trace.self });
  }

  get task(): Trace {
    return this.#task;
  }

  /** From now on a skill is granted, as the owner's approval of its first use does. */
  grant(skill: string): void {
    this.#grants?.push({ skill, scope: {} });
  }

  /** From now on a plan is in force. */
  approve(id: string, plan: PlanState["plan"]): void {
    this.#plans.push(freshPlan(id, plan));
  }

  judge(call: SimulatedCall): JudgedStep {
    const { id, tool: name, args, output, scope = {}, isProtected = false } = call;
    this.hear(call);
    const tool = this.#tools.get(name);
    if (!tool) return { verdict: unknownTool(this.#set, this.#trace, id, name, this.#at), reports: [], open: [] };
    const step = { id, skill: name, facts: tool.facts, effect: tool.effect, args, output };
    const reports = judgeCall(this.task, step);
    const state = this.#covering(step);
    const unvouched = reports.filter(({ vouched, path }) => !vouched && !state?.covering.speaksFor(path));
    const request: PolicyRequest = {
      ...requestOf(this.#trace, tool.skill ?? name, { ...this.#at, effect: tool.effect, risk: tool.risk }),
      ...{ scope, protectedArea: isProtected, ...this.#rightsTo(tool.skill ?? name, scope) },
      unvouched: unvouched.map(({ path }) => path),
      ...(state && { plan: state.covering.id }),
    };
    const { verdict, layer, layers, rules } = judge(this.#set, request);
    const shown = this.task.sourced(reports);
    const told = shown.map(({ path, value, origins, vouched }) => ({ path, value, origins, vouched }));
    const plan = state && { plan: { step: state.covering.id } };
    const asked = new Set(request.unvouched);
    return {
      ...{ verdict: { id, verdict, layer, layers, rules, arguments: told, ...plan }, step, reports: shown },
      ...{ open: shown.filter(({ path, vouched }) => !vouched && asked.has(path)), ...(state && { state }) },
    };
  }

  /** The owner was asked about it, saw its values and said yes. */
  approved({ step, open }: JudgedStep): void {
    if (step) this.task.endorse(open, step.effect);
  }

  /** The call was let through, and answered. */
  take({ step, state }: JudgedStep): void {
    if (!step) return;
    this.task.add({ ...step, ...(state?.covering.use.isWhole && { isPlanned: true }) });
    if (!state) return;
    const { before, covering } = state;
    this.#plans = this.#plans.map((each) => (each === before ? afterUse(each, covering) : each));
  }

  /** What the owner typed before a call: all of it is the owner's words from now on. */
  hear(call: Pick<SimulatedCall, "said">): void {
    if (call.said === undefined || this.#heard === call) return;
    this.#heard = call;
    const { words } = this.#task;
    // What lies beyond is not looked at, and all that was read is not taken in anew for it.
    if (words.text.length >= bounds.wordsChars) return;
    const more = { by: words.by, self: this.#trace.self, isLater: this.#isLater };
    this.#task = this.#task.withWords(`${words.whole}\n\n${call.said}`, more);
  }

  /** What came in by a call of which nobody declared anything: others' text. */
  takeUndeclared(id: string, output: unknown): void {
    this.#task.add({ id, facts: toolFactsSchema.parse({}), effect: "read", args: {}, output });
  }

  #rightsTo(skill: string, scope: Scope): Pick<PolicyRequest, "granted" | "inScope"> {
    if (this.#grants === undefined) return { granted: true, inScope: true };
    const here = this.#grants.filter((grant) => grant.skill === skill);
    const isInScope = placesOf(scope).length > 0 && here.some((grant) => covers(grant.scope, scope));
    return { granted: here.length > 0, inScope: isInScope };
  }

  #covering(step: Step & { skill: string }): JudgedStep["state"] {
    const call = { skill: step.skill, args: step.args, scope: {} };
    for (const before of this.#plans) {
      const covering = coveringStep(before, this.task, call, plainly);
      if (covering) return { before, covering };
    }
    return undefined;
  }
}

/** Entries and answers are told apart by what is in them: a simulation writes nothing down. */
const plainly = (text: string): string => text;

/** What a tool of a trace declares, as the rules read it. */
export function factsOf(tool: z.infer<typeof toolSchema>): ToolFacts {
  const { name, control_args: control, content_args: content, output_trust: output, shared_with, ...rest } = tool;
  const { effect: _effect, risk: _risk, skill: _skill, verbs, ...declared } = rest;
  return {
    ...{ ...declared, control, content, output, open: false, sharedWith: shared_with },
    verbs: verbs.length > 0 ? verbs : verbsIn(name),
  };
}

function requestOf(
  { trust, principal = simulated, may }: SimulatedTrace,
  skill: string,
  more: Pick<PolicyRequest, "effect" | "risk" | "hour" | "weekday">,
): PolicyRequest {
  return {
    ...{ principal, trust, skill, scope: {}, may: may?.includes(skill) ?? true, granted: true, inScope: true },
    ...{ protectedArea: false, stopped: false, rateLeft: noLimit, unvouched: [], ...more },
  };
}

/** Nobody declared it for this run. */
function unknownTool(
  set: PolicySet,
  trace: SimulatedTrace,
  id: string,
  name: string,
  at: SimulatedTime,
): SimulatedVerdict {
  const request = { ...requestOf(trace, name, { ...at, effect: "destroy", risk: "high" }), may: false, granted: false };
  const { verdict, layer, layers, rules } = judge(set, request);
  return { id, verdict, layer, layers, rules, arguments: [] };
}
