import { isReading } from "@mh/contract/values/effect.ts";
import { eachName, type PlanSource, type PlanStep } from "@mh/contract/values/plan.ts";
import type { Step } from "@mh/contract/values/provenance.ts";
import { canonical } from "../../model/canonical.ts";
import { type Entry, fillSlots, NotFilled } from "./fill.ts";
import { lookAt } from "./looked-at.ts";
import type { Digest, PlannedCall, PlanState, PlanTask } from "./plan-state.ts";
import { joined, type Pool, poolOf } from "./pool.ts";
import { argumentLeaves, type Field } from "./values.ts";

/**
 * The answers of a plan's sources, as its task read them. Only what answers exactly the declared question counts, and only
 * where there is one answer to it that the task itself put nothing into.
 */
export class Answers {
  readonly #state: PlanState;
  readonly #task: PlanTask;
  readonly #digest: Digest;
  readonly #known = new Map<string, Pool>();
  readonly #open = new Set<string>();
  readonly #heard = new Map<string, SourceAnswer[]>();
  /** Where the task first did something that no plan wholly names. */
  readonly #firstAct: number;

  constructor(state: PlanState, task: PlanTask, digest: Digest) {
    this.#state = state;
    this.#task = task;
    this.#digest = digest;
    const first = task.steps.findIndex(({ step }) => !leavesNothing(step));
    this.#firstAct = first === -1 ? Number.POSITIVE_INFINITY : first;
  }

  /** What a source said, once its entries were asked for. */
  heard(name: string): SourceAnswer[] {
    return this.#heard.get(name) ?? [];
  }

  /** Entries of a source. Throws `NotFilled` where it may fill nothing. */
  of(name: string): Pool {
    const known = this.#known.get(name);
    if (known) return known;
    if (this.#open.has(name)) throw new NotFilled(`${name} waits for its own answer`);
    this.#open.add(name);
    const found = this.#read(name);
    this.#open.delete(name);
    this.#known.set(name, found);
    return found;
  }

  /** Names one value of an entry. */
  turnOf({ key }: Entry, { value }: Field): string {
    return this.#digest(`${key}\0${JSON.stringify(value)}`);
  }

  /** The values that a step goes through itself. */
  listed({ each }: PlanStep): Pool {
    const values = each && "values" in each ? each.values : [];
    return joined(values.map((value) => poolOf(lookAt(value), (fields) => this.#entry(eachName, fields, [], []))));
  }

  /**
   * Whether a read asks just what a source declares: the entries that its question is filled from, and undefined where it
   * asks anything else.
   */
  asked({ args, slots = {} }: PlanSource, read: Pick<PlannedCall, "args" | "defaults">): readonly Entry[] | undefined {
    const isFixed = (name: string) => Object.hasOwn(read.args, name) && isSame(args[name], read.args[name]);
    if (!Object.keys(args).every(isFixed)) return undefined;
    const { defaults = {} } = read;
    const isDefault = (name: string) => Object.hasOwn(defaults, name) && isSame(defaults[name], read.args[name]);
    const open = Object.keys(read.args).filter((name) => !Object.hasOwn(args, name) && !isDefault(name));
    if (open.length === 0) return Object.keys(slots).length === 0 ? [] : undefined;
    const leaves = argumentLeaves(Object.fromEntries(open.map((name) => [name, read.args[name]])));
    if (!leaves) return undefined;
    try {
      const { paths, entries } = fillSlots(slots, leaves, (from) => this.of(from));
      return leaves.every(({ path }) => paths.has(path)) ? entries : undefined;
    } catch (error) {
      if (error instanceof NotFilled) return undefined;
      throw error;
    }
  }

  #read(name: string): Pool {
    const { sources, binds } = this.#state.plan;
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
    if (!source) throw new NotFilled(`${name} is no source of the plan`);
    const questions = new Map<string, Question>();
    for (const [at, { step }] of this.#task.steps.entries()) {
      if (step.skill !== source.skill || !isLooking(step)) continue;
      const by = this.asked(source, { args: step.args, defaults: step.facts.defaults });
      if (!by) continue;
      const bound = binds?.contracts[source.skill];
      if (bound !== undefined && step.pinned !== bound) throw new NotFilled(`${source.skill} is not what it was`);
      const question = this.#digest(`${name}\0${canonical(step.args)}`);
      const isClean = at < this.#firstAct && !this.#isAfterAct(source.skill, step);
      const known = questions.get(question) ?? { by, isClean, reads: [] };
      questions.set(question, { ...known, reads: [...known.reads, step] });
    }
    if (questions.size === 0) throw new NotFilled(`${name} was not read in this task as the plan says`);
    return joined([...questions].map(([question, read]) => this.#answered(name, question, read)));
  }

  #isAfterAct(skill: string, { acts = 0 }: Step): boolean {
    const stores = ["*", skill.split(".", 1)[0] ?? ""];
    return stores.some((store) => acts >= (this.#state.firstActs?.get(store) ?? Number.POSITIVE_INFINITY));
  }

  #answered(name: string, question: string, { by, isClean, reads }: Question): Pool {
    const looked = reads.map(({ output }) => lookAt(output));
    const [first] = looked as [ReturnType<typeof lookAt>];
    if (looked.some(({ isCut }) => isCut)) throw new NotFilled(`${name} answered more than is looked at`);
    const bound = this.#state.answers.get(question);
    const [answer, another] = new Set(looked.map((each) => each.hash(this.#digest)));
    if (answer === undefined) throw new NotFilled(`${name} answered what cannot be written down`);
    if (another !== undefined) throw new NotFilled(`${name} changed while the task ran`);
    if (bound !== undefined && bound !== answer) throw new NotFilled(`${name} is not what it was for the plan`);
    if (bound === undefined && !isClean)
      throw new NotFilled(`the task did something of its own before it read ${name}`);
    const [{ output }] = reads as [Step];
    this.#heard.set(name, [...this.heard(name), { source: name, question, answer, output }]);
    const answers = [...by.flatMap((entry) => entry.answers), { question, answer }];
    return poolOf(first, (fields) => this.#entry(name, fields, by, answers));
  }

  #entry(source: string, fields: readonly Field[], by: readonly Entry[], answers: Entry["answers"]): Entry {
    const digest = this.#digest;
    let key: string | undefined;
    const askedBy = new Map(by.flatMap((entry) => [...entry.askedBy, [entry.source, entry.key] as const]));
    return {
      ...{ source, fields, askedBy, answers },
      get key() {
        key ??= digest(`${source}\0${JSON.stringify(fields.map(({ name, value }) => [name, value]))}`);
        return key;
      },
    };
  }
}

/** What a source said, and hashes of the question and of that. */
export interface SourceAnswer {
  source: string;
  question: string;
  answer: string;
  output: unknown;
}

interface Question {
  by: readonly Entry[];
  /** The task put nothing of its own into the first answer. */
  isClean: boolean;
  reads: readonly Step[];
}

/** What goes to the owner alone is read by nobody else. */
const leavesNothing = (step: Step): boolean => step.isPlanned === true || step.effect === "notify" || isLooking(step);

const isLooking = ({ effect, looks }: Step): boolean => looks === true || isReading(effect);

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  return canonical(a ?? null) === canonical(b ?? null);
}
