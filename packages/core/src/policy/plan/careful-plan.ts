import { isReading } from "@mh/contract/values/effect.ts";
import {
  flawOf,
  type Plan,
  type PlanSource,
  type PlanStep,
  planSourcesSchema,
  planStepSchema,
  type Slot,
} from "@mh/contract/values/plan.ts";
import { canonical } from "../../model/canonical.ts";
import { leavesOf, type NamedLeaf } from "../provenance/arguments.ts";
import { bounds } from "../provenance/bounds.ts";
import type { Trace } from "../provenance/trace.ts";
import { narrowSlot, type ReadSource, rowsRead } from "./narrow-slot.ts";
import { type HonestCall, questionOf, ToldByThen } from "./told-by-then.ts";

/** A call of an honest run, and the paths of it that a person would be asked about without a plan. */
export interface JudgedCall extends HonestCall {
  open: readonly string[];
}

export type PlanBody = Pick<Plan, "sources" | "steps">;

/** What a step says of a call's arguments. */
type Filled = Pick<PlanStep, "args" | "slots">;

const stepsMax = 50;

/**
 * The plan that a careful planner announces before some calls of an honest run, knowing what it has read up to there:
 * values that it knows are fixed, what is still to be read is a slot where that is narrow, and what it will write itself is
 * free. A call that would be asked about all the same is left out. Undefined where none is left. Pure.
 */
export function carefulPlan(
  task: Trace,
  before: readonly HonestCall[],
  ahead: readonly JudgedCall[],
): PlanBody | undefined {
  const planner = new Planner(task, before, ahead);
  for (const at of ahead.keys()) if (!planner.isFull) planner.add(at);
  return planner.plan();
}

interface DeclaredRead extends ReadSource {
  source: PlanSource;
  answers: Map<string, HonestCall>;
}

class Planner {
  readonly #task: Trace;
  readonly #told: ToldByThen;
  readonly #ahead: readonly JudgedCall[];
  /** What slots may be filled from, by what it declares; and question by question, what was answered. */
  readonly #reads = new Map<string, DeclaredRead>();
  readonly #used = new Set<string>();
  readonly #steps = new Map<string, PlanStep & { times: number }>();

  constructor(task: Trace, before: readonly HonestCall[], ahead: readonly JudgedCall[]) {
    this.#task = task;
    this.#ahead = ahead;
    this.#told = new ToldByThen(task, before, ahead);
    for (const call of before)
      if (isReading(call.effect)) this.#read(call, { args: { ...call.args } as Filled["args"] }, true);
  }

  get isFull(): boolean {
    return this.#steps.size >= stepsMax;
  }

  add(at: number): void {
    const call = this.#ahead[at] as JudgedCall;
    const filled = this.#filled(call, at);
    if (isReading(call.effect) && filled) this.#read(call, filled);
    // Slots and reads are for what would be asked about; other steps are named where each of their values is.
    if (!filled || (call.open.length === 0 && (isReading(call.effect) || !isWhole(call, filled)))) return;
    const key = canonical({ skill: call.skill, ...filled });
    const step = planStepSchema().safeParse({ skill: call.skill, ...filled });
    const known = this.#steps.get(key);
    if (!step.success) return;
    this.#steps.set(key, { ...step.data, times: (known?.times ?? 0) + 1 });
    this.#use(filled.slots);
  }

  plan(): PlanBody | undefined {
    if (this.#steps.size === 0) return undefined;
    // The first step of a skill that has slots is the one, whatever they say: those without come before it.
    const steps = [...this.#steps.values()].sort((a, b) => Number(Boolean(a.slots)) - Number(Boolean(b.slots)));
    const reads = [...this.#reads.values()].filter(({ name }) => this.#used.has(name));
    const sources = planSourcesSchema().safeParse(Object.fromEntries(reads.map(({ name, source }) => [name, source])));
    if (!sources.success) return undefined;
    const body = { sources: sources.data, steps };
    return flawOf(body) === undefined ? body : undefined;
  }

  #read(call: HonestCall, filled: Filled, isRead = false): void {
    const source = { skill: call.skill, ...filled };
    const key = canonical(source);
    const name = `${call.skill.replaceAll(/[^A-Za-z0-9_-]/g, "-").slice(0, 30)}-${this.#reads.size + 1}`;
    const known = this.#reads.get(key) ?? { name, source, answers: new Map<string, HonestCall>(), isRead, rows: [] };
    const question = questionOf(call);
    const before = known.answers.get(question);
    if (before && canonical(before.output ?? null) === canonical(call.output ?? null)) return;
    // Two answers to one question fill nothing.
    const answers = new Map(known.answers).set(question, before ? { ...call, output: undefined } : call);
    const rows = before ? [...answers.values()].flatMap(rowsRead) : [...known.rows, ...rowsRead(call)];
    this.#reads.set(key, { ...known, answers, rows });
  }

  #use(slots: Filled["slots"] = {}): void {
    for (const { from } of Object.values(slots)) {
      const read = [...this.#reads.values()].find(({ name }) => name === from);
      if (!read || this.#used.has(read.name)) continue;
      this.#used.add(read.name);
      this.#use(read.source.slots);
    }
  }

  /** The arguments of a call that control it, fixed or as slots; undefined where one of them can only be asked about. */
  #filled(call: JudgedCall, at: number): Filled | undefined {
    const { control, content } = call.facts;
    const args: Record<string, unknown> = {};
    const slots: Record<string, Slot> = {};
    for (const name of Object.keys(call.args)) {
      const isAsked = call.open.some((path) => path.split(/[.[]/, 1)[0] === name);
      const { all, left } = leavesOf(call, [name], { leaves: bounds.controls, chars: bounds.contentChars });
      const isOwnText = content.includes(name) && !control.includes(name);
      if (isOwnText && !isAsked) continue;
      const isKnown = isOwnText ? this.#told.isUndisturbed(at) : all.every((leaf) => this.#told.isKnown(leaf, at));
      if (isKnown && !left) {
        args[name] = call.args[name];
        continue;
      }
      const found = isOwnText || left ? undefined : this.#slots(call, all, at);
      if (found) Object.assign(slots, found);
      else if (isAsked || isReading(call.effect)) return undefined;
    }
    return { args: args as Filled["args"], ...(Object.keys(slots).length > 0 && { slots }) };
  }

  #slots(call: JudgedCall, all: readonly NamedLeaf[], at: number): Record<string, Slot> | undefined {
    const slots: Record<string, Slot> = {};
    for (const leaf of all) {
      const slot = this.#told.isKnown(leaf, at)
        ? { oneOf: [leaf.value] }
        : narrowSlot(call, leaf, [...this.#reads.values()], this.#task.words);
      if (!slot) return undefined;
      slots[leaf.path] = slot;
    }
    return slots;
  }
}

/** Each argument that controls the call is fixed, and something is. */
const isWhole = ({ facts, args }: JudgedCall, filled: Filled): boolean =>
  Object.keys(filled.args).length > 0 &&
  facts.control.every((name) => !Object.hasOwn(args, name) || Object.hasOwn(filled.args, name));
