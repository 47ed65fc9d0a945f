import type { Effect } from "@mh/contract/values/effect.ts";
import { type ToolFacts, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import { type ArgumentReport, judgeCall } from "../policy/provenance/judge-call.ts";
import type { Sourced } from "../policy/provenance/sources.ts";
import { Trace } from "../policy/provenance/trace.ts";
import { verbsIn } from "../policy/provenance/verbs.ts";
import type { Skill } from "./skill.ts";

/** A command as the rules of provenance look at it. */
export interface TracedCall {
  id: string;
  skill: Skill;
  args: Record<string, unknown>;
  effect: Effect;
  task: Task | undefined;
}

/** What tasks have read is held in memory: so many of them, the last used. Of the others it is known that they were. */
const tasksMax = 64;
const forgottenMax = 10_000;

/**
 * What each task has read up to now: against that, and its owner's words, the arguments of its next command are looked
 * at. It lives as long as the process. A run that a crash cut off reads anew what it acts upon.
 */
export class TaskTraces {
  readonly #traces = new Map<string, Trace>();
  readonly #forgotten = new Set<string>();
  readonly #facts = new WeakMap<Skill, ToolFacts>();

  judge(call: TracedCall): ArgumentReport[] {
    return judgeCall(this.#of(call.task), this.#callOf(call));
  }

  /** Takes in what a command answered. */
  add(call: TracedCall, output: unknown): void {
    if (call.task) this.#of(call.task).add({ ...this.#callOf(call), output });
  }

  /** The same reports with where their values stand. */
  sourced(task: Task | undefined, reports: readonly ArgumentReport[]): Sourced<ArgumentReport>[] {
    return this.#of(task).sourced(reports);
  }

  /** The owner approved values of others, as the request showed them: they may control arguments in this task. */
  endorse(task: Task | undefined, shown: Parameters<Trace["endorse"]>[0], approval: string): void {
    if (task) this.#of(task).endorse(shown, approval);
  }

  #of(task: Task | undefined): Trace {
    if (!task) return new Trace("");
    const { by = "person" } = task;
    const hasForgotten = this.#forgotten.has(task.id);
    const known = this.#traces.get(task.id) ?? new Trace(task.words, { by, hasForgotten });
    const trace = known.isFor(task.words, by) ? known : known.withWords(task.words, by);
    this.#traces.delete(task.id);
    this.#traces.set(task.id, trace);
    if (this.#traces.size > tasksMax) this.#forget(this.#traces.keys().next().value as string);
    return trace;
  }

  #forget(id: string): void {
    this.#traces.delete(id);
    this.#forgotten.add(id);
    if (this.#forgotten.size > forgottenMax) this.#forgotten.delete(this.#forgotten.values().next().value as string);
  }

  #callOf({ id, skill, args, effect }: TracedCall) {
    const { name } = skill.contract;
    return { id: `${name} ${id}`, skill: name, args, effect, facts: this.#factsOf(skill) };
  }

  #factsOf(skill: Skill): ToolFacts {
    const known = this.#facts.get(skill);
    if (known) return known;
    const { control, provenance = {} } = skill.contract;
    const verbs = provenance.verbs ?? verbsIn(skill.contract.name);
    const facts = toolFactsSchema.parse({ ...provenance, control: [...control], verbs });
    this.#facts.set(skill, facts);
    return facts;
  }
}
