import type { Scope } from "@mh/contract/values/effect.ts";
import type { Plan } from "@mh/contract/values/plan.ts";
import type { Step } from "@mh/contract/values/provenance.ts";
import type { PlanUse } from "@mh/contract/values/record.ts";

/** A plan that was approved, with what its steps have used up to now. */
export interface PlanState {
  id: string;
  plan: Pick<Plan, "sources" | "steps" | "binds">;
  /** By step, the first at 0. */
  uses: readonly StepUse[];
  /** Question → answer, as hashes: each source has one answer, from its first use on. */
  answers: ReadonlyMap<string, string>;
  /**
   * Since it was given: nouns of skills, `*` for all → number of the first act that no plan wholly names and that left
   * something where those read. Left out, the steps of its task tell.
   */
  firstActs?: ReadonlyMap<string, number>;
}

export interface StepUse {
  used: number;
  /** Hashes of the entries that a loop has used. */
  entries: ReadonlySet<string>;
  /** Argument → what its amounts came to. */
  sums: ReadonlyMap<string, number>;
}

/** What the task of a plan did up to now. */
export interface PlanTask {
  readonly steps: readonly { readonly step: Step }[];
}

/** A command as plans look at it. */
export interface PlannedCall {
  skill: string;
  /** Name, version and hash of its contract, where it has one. */
  pinned?: string;
  args: Readonly<Record<string, unknown>>;
  scope: Scope;
  /** What arguments are where nothing is said. */
  defaults?: Readonly<Record<string, unknown>>;
}

/** A step, or a source, of a plan that covers a command. */
export interface Covering {
  /** `<plan>/<number of the step>`, or `<plan>/<name of the source>`. */
  id: string;
  /** Number of the step, the first being 1; none for a source. */
  n?: number;
  /** Whether the plan names the value that stands at a path of the arguments, as in `to[0]`. */
  speaksFor(path: string): boolean;
  /** What the command uses up; it counts once the command is begun. `isWhole`: nothing in it is of the agent's own making. */
  use: PlanUse;
}

/** Tells entries and answers apart without saying what is in them: keyed in a home, plain in a simulation. */
export type Digest = (text: string) => string;

/** A plan that nothing was done under yet. */
export function freshPlan(id: string, plan: PlanState["plan"]): PlanState {
  const uses = plan.steps.map((): StepUse => ({ used: 0, entries: new Set(), sums: new Map() }));
  return { id, plan, uses, answers: new Map(Object.entries(plan.binds?.answers ?? {})) };
}

/** The plan once a command that it covers was begun. */
export function afterUse(state: PlanState, { n, use }: Covering): PlanState {
  const uses = state.uses.map((before, at): StepUse => {
    if (at + 1 !== n) return before;
    const sums = new Map(before.sums);
    for (const { argument, sum } of use.sums ?? []) sums.set(argument, addedUp(sums.get(argument), sum));
    return { used: before.used + 1, entries: new Set([...before.entries, ...(use.entries ?? [])]), sums };
  });
  const answers = new Map(state.answers);
  for (const { question, answer } of use.answers ?? []) if (!answers.has(question)) answers.set(question, answer);
  return { ...state, uses, answers };
}

/** Amounts as people write them: .1 and .2 are .3. */
export const addedUp = (before: number | undefined, sum: number): number =>
  Math.round(((before ?? 0) + sum) * 1e6) / 1e6;
