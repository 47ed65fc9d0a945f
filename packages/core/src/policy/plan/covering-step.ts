import { eachName, type PlanStep, timesOf } from "@mh/contract/values/plan.ts";
import type { PlanUse } from "@mh/contract/values/record.ts";
import { canonical } from "../../model/canonical.ts";
import { placesBeyond, placesOf } from "../../model/scope.ts";
import { Answers } from "./answers.ts";
import { type Entry, type Filled, fillSlots, NotFilled } from "./fill.ts";
import { addedUp, type Covering, type Digest, type PlannedCall, type PlanState, type PlanTask } from "./plan-state.ts";
import { type Pool, turned } from "./pool.ts";
import { followsFrom } from "./reach.ts";
import { type ArgumentLeaf, amountOf, argumentLeaves } from "./values.ts";

/** How a command differs from the plan. */
export interface Deviation {
  /** The step that comes nearest, the first being 1; none where no step is of its skill. */
  n?: number;
  /** A clause for the person who is asked. */
  differs: string;
}

/**
 * The step of a plan that covers a command. Pure. What was read never chooses the step: skill and fixed arguments do, the
 * steps in order, and the first of those that has something left is the one. A declared read is covered as such.
 */
export function coveringStep(
  state: PlanState,
  task: PlanTask,
  call: PlannedCall,
  digest: Digest,
): Covering | undefined {
  const found = compareWithPlan(state, task, call, digest);
  return "id" in found ? found : undefined;
}

/** The same, and how a command that no step covers differs from the plan. */
export function compareWithPlan(
  state: PlanState,
  task: PlanTask,
  call: PlannedCall,
  digest: Digest,
): Covering | Deviation {
  const answers = new Answers(state, task, digest);
  const bound = state.plan.binds?.contracts[call.skill];
  if (bound !== undefined && call.pinned !== bound) return { differs: `${call.skill} is not what it was for the plan` };
  const read = declaredRead(state, answers, call);
  if (read) return read;
  let nearest: Deviation = { differs: `no step of it is a ${call.skill}` };
  for (const [at, step] of state.plan.steps.entries()) {
    if (step.skill !== call.skill) continue;
    const n = at + 1;
    const differs = differsInFixed(step, call);
    const isUsedUp = (state.uses[at]?.used ?? 0) >= timesOf(step);
    if (differs === undefined && !isUsedUp) {
      const found = covers(state, answers, call, n, step);
      // A step that touches more than it names is passed over as one with other arguments is: both were fixed beforehand.
      if (typeof found === "object" || step.slots || step.each)
        return typeof found === "object" ? found : { n, differs: found };
      nearest = { n, differs: found };
    } else if (nearest.n === undefined || isUsedUp)
      nearest = { n, differs: differs ?? `step ${n} was used as often as it may be` };
  }
  return nearest;
}

/** What may be read, and by which question, was approved with the plan. */
function declaredRead({ id, plan }: PlanState, answers: Answers, call: PlannedCall): Covering | undefined {
  for (const [name, source] of Object.entries(plan.sources)) {
    if (source.skill !== call.skill) continue;
    const by = answers.asked(source, call);
    if (!by) continue;
    const use: PlanUse = { ...usedAnswers(by), isWhole: true };
    return { id: `${id}/${name}`, speaksFor: () => true, use };
  }
  return undefined;
}

/** The first fixed argument that is another. */
function differsInFixed({ args }: PlanStep, call: PlannedCall): string | undefined {
  const other = Object.entries(args).find(
    ([name, value]) =>
      canonical(Object.hasOwn(call.args, name) ? (call.args[name] ?? null) : null) !== canonical(value),
  );
  return other && `${other[0]} is not ${JSON.stringify(other[1])}`;
}

/** The step as it covers a command of its skill and fixed arguments, or how that differs. */
function covers(state: PlanState, answers: Answers, call: PlannedCall, n: number, step: PlanStep): Covering | string {
  const all = argumentLeaves(call.args);
  if (!all) return "it has more arguments than a plan is compared with";
  const use = state.uses[n - 1];
  const isLeft = ({ key, turn = key }: Entry) => !use?.entries.has(turn);
  const loop = step.each && ("source" in step.each ? step.each.source : eachName);
  const poolOf = (name: string): Pool => {
    const pool = name === eachName ? answers.listed(step) : answers.of(name);
    return name === loop ? turned(pool, (entry) => turnsOf(step, entry, answers).filter(isLeft)) : pool;
  };
  try {
    const filled = fillSlots(step.slots ?? {}, all, poolOf);
    const entries = loop === undefined ? [] : usedEntries(filled, loop, poolOf);
    const sums = sumsOf(step, all, use?.sums);
    const named = all.filter((leaf) => Object.hasOwn(step.args, leaf.name) || filled.paths.has(leaf.path));
    const isNothing = ({ name, isEmpty }: ArgumentLeaf) => isEmpty === true && isDefault(call, name);
    const free = all.filter((leaf) => !named.includes(leaf) && !isNothing(leaf));
    const beyond = beyondScope(step, call, named, free);
    if (beyond !== undefined) return beyond;
    const inScope = new Set(placesOf(call.scope));
    const isInScope = ({ value }: ArgumentLeaf) =>
      inScope.has(String(value)) || inScope.has(String(value).toLowerCase());
    // What is so where nothing is said, nobody chose.
    const isUnsaid = ({ name }: ArgumentLeaf) => isDefault(call, name);
    const others = free.filter((leaf) => !isInScope(leaf) && !isUnsaid(leaf));
    return {
      ...{ id: `${state.id}/${n}`, n },
      speaksFor: (path) => {
        const here = all.filter((leaf) => leaf.path === path);
        return here.length > 0 && here.every((leaf) => !others.includes(leaf));
      },
      use: {
        ...(entries.length > 0 && { entries }),
        ...(sums.length > 0 && { sums }),
        ...usedAnswers(filled.entries),
        ...(others.length === 0 && { isWhole: true as const }),
      },
    };
  } catch (error) {
    if (error instanceof NotFilled) return error.message;
    throw error;
  }
}

const isDefault = ({ args, defaults = {} }: PlannedCall, name: string): boolean =>
  Object.hasOwn(defaults, name) && canonical(args[name] ?? null) === canonical(defaults[name] ?? null);

/** What a loop goes through: entries, or each value of a field of theirs. */
function turnsOf({ each }: PlanStep, entry: Entry, answers: Answers): Entry[] {
  const field = each && "source" in each ? each.field : undefined;
  if (field === undefined) return [entry];
  const others = entry.fields.filter(({ name }) => name !== field);
  return entry.fields
    .filter(({ name }) => name === field)
    .map((only) => ({ ...entry, fields: [...others, only], turn: answers.turnOf(entry, only) }));
}

/** The entry that a loop uses: the one that fills the slots, or the next where none does. */
function usedEntries({ entries }: Filled, loop: string, poolOf: (name: string) => Pool): string[] {
  const filling = entries.filter(({ source }) => source === loop);
  if (filling.length > 0) return [...new Set(filling.map(({ key, turn = key }) => turn))];
  for (const { key, turn = key } of poolOf(loop).all()) return [turn];
  throw new NotFilled(`every entry of ${loop} was used`);
}

function usedAnswers(entries: readonly Entry[]): Pick<PlanUse, "answers"> {
  const answers = new Map(entries.flatMap((entry) => entry.answers).map((each) => [each.question, each]));
  return answers.size > 0 ? { answers: [...answers.values()] } : {};
}

/** Bounded amounts of a command, each with those before it. Throws `NotFilled` where that is too much. */
function sumsOf(
  { slots = {} }: PlanStep,
  all: readonly ArgumentLeaf[],
  before: ReadonlyMap<string, number> = new Map(),
) {
  return Object.entries(slots).flatMap(([argument, { atMost, inAll = atMost }]) => {
    if (inAll === undefined) return [];
    const leaves = all.filter(({ path }) => path === argument || path.startsWith(`${argument}[`));
    const sum = leaves.reduce((total, { value }) => addedUp(total, amountOf(value) ?? Number.POSITIVE_INFINITY), 0);
    if (leaves.length === 0) return [];
    if (!(addedUp(before.get(argument), sum) <= inAll))
      throw new NotFilled(`${argument} comes to more than ${inAll} in all`);
    return [{ argument, sum }];
  });
}

/** The first place that a command touches beyond its step. */
function beyondScope(
  { scope }: PlanStep,
  call: PlannedCall,
  named: readonly ArgumentLeaf[],
  free: readonly ArgumentLeaf[],
): string | undefined {
  const touched = placesOf(call.scope);
  // A step that names places was approved as bound to them: what says of itself that it touches none is not in it.
  if (touched.length === 0) return placesOf(scope).length > 0 ? "it touches nothing of what the step names" : undefined;
  const beyond = placesBeyond(scope, call.scope).find((place) => free.length > 0 && !followsFrom(place, named, free));
  return beyond && `it reaches ${beyond}`;
}
