import {
  type Decision,
  type Effect,
  type Layer,
  type Scope,
  strongest,
  type TrustLevel,
} from "@mh/contract/values/effect.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { z } from "zod";
import type { PolicySet } from "../policy/policy-set.ts";
import {
  type JudgedStep,
  SimulatedRun,
  type SimulatedTime,
  toolSchema,
  traceSchema,
} from "../policy/provenance/simulate.ts";
import { verbsIn } from "../policy/provenance/verbs.ts";
import { type Refusal, type StandIn, type Surroundings, standInsFor } from "./stand-in.ts";
import type { TranscriptCall, TranscriptSession } from "./transcript.ts";

export interface ReplayedCall {
  id: string;
  tool: string;
  /** What mh would have been asked to do instead, one skill a command. */
  skills: string[];
  effect: Effect | null;
  verdict: Decision;
  layer: Layer | "arguments";
  /** Why, as the gate says it: the layer that decided first. */
  reasons: string[];
  /** Values that control it and do not come from the owner, each with where it stands, as in `url = … (from call:3)`. */
  values: string[];
  rules: string[];
}

/** By whose rights calls are judged. */
export interface ReplayedAs {
  principal: Principal;
  trust: TrustLevel;
  grants: { skill: string; scope: Scope }[];
  /** The skills that it declares; left out, all. */
  may?: readonly string[];
}

export interface ReplayContext extends Pick<Surroundings, "home" | "isInward" | "closed"> {
  at: SimulatedTime;
  as: ReplayedAs;
  /** Whether a path belongs to rules, settings, keys or the log of the program that is replayed, or of mh. */
  isProtected: (path: string) => boolean;
}

/**
 * What the gate would have said to each call of a session. Nothing is executed. Each approval request is taken to have been
 * approved, with the grant that a first use brings, and each call to have answered as it did: what it read taints what
 * comes after, whatever the verdict was.
 */
export function replay(set: PolicySet, session: TranscriptSession, context: ReplayContext): ReplayedCall[] {
  const known = new Set<string>();
  const around = {
    folder: session.folder,
    home: context.home,
    isInward: context.isInward,
    closed: context.closed,
    known,
  };
  const planned = session.calls.map((call) => {
    const commands = standInsFor(call, around);
    // A file that is not there yet is known from here on.
    for (const command of commands) if (!("refused" in command)) for (const path of filesOf(command)) known.add(path);
    return { call, commands };
  });
  const tools = new DeclaredTools(planned.flatMap(({ commands }) => commands));
  const trace = traceSchema.parse({ ...context.as, prompt: session.prompt, tools: [], calls: [] });
  const run = new SimulatedRun(set, { ...trace, tools: tools.all }, context.at, { isLater: true });
  return planned.map(({ call, commands }) => judged(run, tools, { call, commands }, context));
}

interface Planned {
  call: TranscriptCall;
  commands: readonly (StandIn | Refusal)[];
}

function judged(
  run: SimulatedRun,
  tools: DeclaredTools,
  { call, commands }: Planned,
  { isProtected }: ReplayContext,
): ReplayedCall {
  // What the owner typed before it counts, even where it is refused.
  run.hear({ said: call.said });
  const answers = commands.map((command, n): Answer => {
    if ("refused" in command)
      return { verdict: "deny", layer: "arguments", reasons: [command.refused], values: [], rules: [] };
    const step = run.judge({
      ...{ id: call.id, tool: tools.nameOf(command), args: command.args, honest: true, scope: command.scope },
      // All of them answered together.
      output: n === commands.length - 1 ? call.output : undefined,
      isProtected: (command.scope.paths ?? []).some(isProtected),
    });
    if (step.verdict.verdict === "ask") {
      run.approved(step);
      if (!command.isAskedEachTime) run.grant(command.skill);
    }
    run.take(step);
    return { ...step.verdict, ...toldOf(step) };
  });
  // It answered all the same, and what it read was read.
  const last = commands.at(-1);
  if (last === undefined || "refused" in last) run.takeUndeclared(call.id, call.output);
  const verdict = strongest(answers.map((answer) => answer.verdict));
  const deciding = answers.find((answer) => answer.verdict === verdict) ?? nothing;
  const effects = commands.flatMap((command) => ("refused" in command ? [] : [command.effect]));
  return {
    ...{ id: call.id, tool: call.tool, skills: [...new Set(commands.map(({ skill }) => skill))] },
    ...{ effect: effects[0] ?? null, verdict, layer: deciding.layer, reasons: deciding.reasons },
    ...{ values: deciding.values, rules: deciding.rules },
  };
}

type Answer = Pick<ReplayedCall, "verdict" | "layer" | "reasons" | "values" | "rules">;
/** A line of nothing but `cd`. */
const nothing: Answer = { verdict: "allow", layer: "boundary", reasons: ["it does nothing"], values: [], rules: [] };

/** What each layer said that came to the verdict, and the values that are not the owner's. */
function toldOf({ verdict: { verdict, layers, layer, rules, arguments: values } }: JudgedStep) {
  if (verdict === "allow") return { reasons: [`allowed by ${rules.join(", ")}`], values: [] };
  const speaking = layers.filter((report) => report.verdict === verdict);
  const first = speaking.filter((report) => report.layer === layer);
  const reasons = [...first, ...speaking].map(({ reason }) => reason);
  const others = values.filter(({ vouched }) => !vouched).slice(0, valuesMax);
  const told = others.map(({ path, value, origins }) => {
    const from = origins.length > 0 ? ` (from ${origins.slice(0, 3).join(", ")})` : "";
    return `${path} = ${value.slice(0, 200)}${from}`;
  });
  return { reasons: [...new Set(reasons)], values: told };
}

const valuesMax = 5;

/** Files that it reads or writes; the folder of a program is none. */
const filesOf = ({ args, contract }: StandIn): string[] =>
  contract !== undefined && typeof args.path === "string" ? [args.path] : [];

/** One tool for each way in which a skill is used: by effect, risk and declarations. */
class DeclaredTools {
  readonly all: z.infer<typeof toolSchema>[] = [];
  readonly #names = new Map<string, string>();

  constructor(commands: readonly (StandIn | Refusal)[]) {
    for (const command of commands) if (!("refused" in command)) this.#declare(command);
  }

  nameOf(command: StandIn): string {
    return this.#names.get(keyOf(command)) ?? "";
  }

  #declare(command: StandIn): void {
    if (this.#names.has(keyOf(command))) return;
    const name = `tool-${this.all.length}`;
    this.#names.set(keyOf(command), name);
    const { skill, contract, effect, risk, control, content } = command;
    const declared = { name, skill, effect, risk, control_args: control, content_args: content, verbs: verbsIn(skill) };
    const { types, writers, private: isPrivate, output } = contract?.provenance ?? {};
    this.all.push(toolSchema.parse({ ...declared, types, writers, private: isPrivate, output_trust: output }));
  }
}

const keyOf = ({ skill, effect, risk, control, content }: StandIn): string =>
  JSON.stringify([skill, effect, risk, control, content]);
