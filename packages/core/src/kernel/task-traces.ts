import type { Effect } from "@mh/contract/values/effect.ts";
import { type ToolFacts, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import type { PlanTask } from "../policy/plan/plan-state.ts";
import { type ArgumentReport, judgeCall } from "../policy/provenance/judge-call.ts";
import type { Sourced } from "../policy/provenance/sources.ts";
import { Trace } from "../policy/provenance/trace.ts";
import { verbsIn } from "../policy/provenance/verbs.ts";
import type { Call } from "./call.ts";
import type { Skill } from "./skill.ts";

/** A command as the rules of provenance look at it. */
export interface TracedCall {
  id: string;
  skill: Skill;
  args: Record<string, unknown>;
  effect: Effect;
  task: Task | undefined;
  /** Name, version and hash of its contract. */
  pinned: string;
  /** A plan names each of its arguments. */
  isPlanned?: true | undefined;
}

const nothing: PlanTask = { steps: [] };

/**
 * What tasks have read is held in memory: so many of them, the last used, and so much of all beside the one at hand. Of the
 * others it is known that they were.
 */
const tasksMax = 64;
const charsMax = 2_000_000;
const forgottenMax = 10_000;

/**
 * What each task has read up to now: against that, and its owner's words, the arguments of its next command are looked
 * at. It lives as long as the process. A run that a crash cut off reads anew what it acts upon.
 */
export class TaskTraces {
  readonly #traces = new Map<string, Trace>();
  readonly #forgotten = new Set<string>();
  readonly #facts = new WeakMap<Skill, ToolFacts>();
  readonly #self: () => readonly string[];

  /** `self`: the owner's own addresses, as they are now. */
  constructor(self: () => readonly string[]) {
    this.#self = self;
  }

  judge(call: TracedCall): ArgumentReport[] {
    return judgeCall(this.#of(call.task), this.#callOf(call));
  }

  /** Takes in what a command answered. `acts`: how many acts there had been that its answer may show. */
  add(call: TracedCall, output: unknown, acts: number): void {
    const { task, skill, pinned, isPlanned } = call;
    const { name, looks } = skill.contract;
    const named = { skill: name, pinned, acts, ...(isPlanned && { isPlanned }), ...(looks && { looks }) };
    if (!task) return;
    this.#of(task).add({ ...this.#callOf(call), ...named, output });
    this.#forgetBeyond();
  }

  /** What a task did up to now. */
  soFar(task: string | undefined): PlanTask {
    if (task === undefined) return nothing;
    return this.#traces.get(task) ?? nothing;
  }

  /** The same reports with where their values stand. */
  sourced(task: Task | undefined, reports: readonly ArgumentReport[]): Sourced<ArgumentReport>[] {
    return this.#of(task).sourced(reports);
  }

  /** The owner approved values of others, as the request showed them: they may control arguments in this task. */
  endorse({ id, task, classification }: Call, shown: Parameters<Trace["endorse"]>[0]): void {
    if (task) this.#of(task).endorse(shown, classification.effect, id);
  }

  #of(task: Task | undefined): Trace {
    if (!task) return new Trace("");
    const { by = "person" } = task;
    const self = this.#self();
    const hasForgotten = this.#forgotten.has(task.id);
    const known = this.#traces.get(task.id) ?? new Trace(task.words, { by, hasForgotten, self });
    const trace = known.isFor(task.words, by, self) ? known : known.withWords(task.words, { by, self });
    this.#traces.delete(task.id);
    this.#traces.set(task.id, trace);
    if (this.#traces.size > tasksMax) this.#forget(this.#traces.keys().next().value as string);
    return trace;
  }

  /** The one at hand is the last. */
  #forgetBeyond(): void {
    const all = [...this.#traces];
    let chars = all.reduce((sum, [, trace]) => sum + trace.chars, 0);
    for (const [id, trace] of all.slice(0, -1)) {
      if (chars <= charsMax) return;
      chars -= trace.chars;
      this.#forget(id);
    }
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
