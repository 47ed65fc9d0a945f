import { type Decision, effects, type Layer, risks, trustLevels } from "@mh/contract/values/effect.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { type ToolFacts, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import type { LayerReport, PolicyRequest } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { judge } from "../judge.ts";
import type { PolicySet } from "../policy-set.ts";
import { type ArgumentReport, judgeCall } from "./judge-call.ts";
import type { Sourced } from "./sources.ts";
import { Trace } from "./trace.ts";
import { verbsIn } from "./verbs.ts";

const facts = toolFactsSchema.shape;

const toolSchema = z.object({
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
});

/** One run of an agent: what its owner typed, the tools it had, and the calls it made with what they answered. */
export const traceSchema = z.object({
  prompt: z.string(),
  /** The owner's own addresses. */
  self: z.array(z.string().max(1000)).max(100).default([]),
  trust: z.enum(trustLevels).default("suggest"),
  tools: z
    .array(toolSchema)
    .max(1000)
    .refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, "two tools have one name"),
  calls: z
    .array(
      z.object({
        id: z.string(),
        tool: z.string(),
        args: z.record(z.string(), z.unknown()).default({}),
        output: z.unknown().optional(),
      }),
    )
    .max(10_000),
});
export type SimulatedTrace = z.infer<typeof traceSchema>;

export interface SimulatedVerdict {
  id: string;
  verdict: Decision;
  layer: Layer;
  layers: LayerReport[];
  rules: string[];
  arguments: Pick<Sourced<ArgumentReport>, "path" | "value" | "origins" | "vouched">[];
}

const simulated = agent("simulated");
const noLimit = 1_000_000;

/**
 * What the gate would have said to each call of a run, with everything granted and nothing executed. Each call is judged
 * as if those before it had been let through.
 */
export function simulate(
  set: PolicySet,
  trace: SimulatedTrace,
  at: { hour: number; weekday: number },
): SimulatedVerdict[] {
  const tools = new Map(trace.tools.map((tool) => [tool.name, { ...tool, facts: factsOf(tool) }]));
  const task = new Trace(trace.prompt, { self: trace.self });
  return trace.calls.map(({ id, tool: name, args, output }): SimulatedVerdict => {
    const tool = tools.get(name);
    if (!tool) return unknownTool(set, trace, id, name, at);
    const call = { id, skill: name, facts: tool.facts, effect: tool.effect, args };
    const reports = judgeCall(task, call);
    const request = requestOf(trace, name, { ...at, effect: tool.effect, risk: tool.risk });
    request.unvouched = reports.filter(({ vouched }) => !vouched).map(({ path }) => path);
    const shown = task.sourced(reports);
    task.add({ ...call, output });
    const { verdict, layer, layers, rules } = judge(set, request);
    const told = shown.map(({ path, value, origins, vouched }) => ({ path, value, origins, vouched }));
    return { id, verdict, layer, layers, rules, arguments: told };
  });
}

/** What a tool of a trace declares, as the rules read it. */
export function factsOf(tool: z.infer<typeof toolSchema>): ToolFacts {
  const { control_args: control, content_args: content, output_trust: output, ...rest } = tool;
  const { types, fields, author, writers, private: isPrivate, ids, takes, origins, verbs, defaults } = rest;
  const { values, shared_with: sharedWith, confirms } = rest;
  return {
    control,
    content,
    open: false,
    output,
    types,
    fields,
    author,
    writers,
    private: isPrivate,
    ids,
    takes,
    origins,
    defaults,
    values,
    sharedWith,
    confirms,
    verbs: verbs.length > 0 ? verbs : verbsIn(tool.name),
  };
}

function requestOf(
  { trust }: SimulatedTrace,
  skill: string,
  more: Pick<PolicyRequest, "effect" | "risk" | "hour" | "weekday">,
): PolicyRequest {
  return {
    ...{ principal: simulated, trust, skill, scope: {}, may: true, granted: true, inScope: true },
    ...{ protectedArea: false, stopped: false, rateLeft: noLimit, unvouched: [], ...more },
  };
}

/** Nobody declared it for this run. */
function unknownTool(
  set: PolicySet,
  trace: SimulatedTrace,
  id: string,
  name: string,
  at: { hour: number; weekday: number },
): SimulatedVerdict {
  const request = { ...requestOf(trace, name, { ...at, effect: "destroy", risk: "high" }), may: false, granted: false };
  const { verdict, layer, layers, rules } = judge(set, request);
  return { id, verdict, layer, layers, rules, arguments: [] };
}
