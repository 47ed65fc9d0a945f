import type { ValueFor } from "@mh/contract/contracts.ts";

export type Run = ValueFor<"run.show">["run"];
export type Step = Run["steps"][number];

/** Steps that stand alone in a tree, or several of one skill and one principal folded into one line. */
export interface Branch {
  step: Step;
  inner: Branch[];
  /** The other steps of this line, which is opened to see them. */
  folded: Branch[];
}

const foldAbove = 40;

/** A run's steps as a tree. Above forty, siblings of one skill are folded, but for those that lead to the one asked about. */
export function treeOf(steps: readonly Step[], here: string | undefined): Branch | undefined {
  const children = Map.groupBy(steps.slice(1), ({ parent }) => parent ?? "");
  const lit = new Set<string>();
  for (let at = steps.find(({ id }) => id === here); at; at = steps.find(({ id }) => id === at?.parent)) {
    if (lit.has(at.id)) break;
    lit.add(at.id);
  }
  const isFolding = steps.length > foldAbove;
  const branch = (step: Step): Branch => {
    const inner = (children.get(step.id) ?? []).map(branch);
    return { step, inner: isFolding ? folded(inner, lit) : inner, folded: [] };
  };
  return steps[0] && branch(steps[0]);
}

function folded(branches: readonly Branch[], lit: ReadonlySet<string>): Branch[] {
  const lines = new Map<string, Branch>();
  for (const each of branches) {
    const { id, skill, principal, status } = each.step;
    const isAlone = lit.has(id) || each.inner.length > 0;
    const key = isAlone ? id : `${skill} ${principal} ${status}`;
    const line = lines.get(key);
    if (line) line.folded.push(each);
    else lines.set(key, { ...each });
  }
  return [...lines.values()];
}

const msOf = (at: string | null): number | undefined => (at === null ? undefined : Date.parse(at));

/** Where a step stands along time, in milliseconds from the run's beginning; without a width where only its end is known. */
export function spanOf(step: Step, begin: number, until: number): { from: number; to: number; isPoint: boolean } {
  const end = msOf(step.endedAt) ?? until;
  const from = msOf(step.begunAt);
  if (from !== undefined) return { from: from - begin, to: Math.max(from, end) - begin, isPoint: false };
  const at = msOf(step.endedAt) ?? msOf(step.askedAt) ?? begin;
  return { from: at - begin, to: at - begin, isPoint: true };
}

/** So much of a run's time no step covers: its program worked by itself, or waited. */
export function uncovered(steps: readonly Step[], begin: number, until: number): number {
  const spans = steps
    .slice(1)
    .map((step) => spanOf(step, begin, until))
    .filter(({ isPoint }) => !isPoint)
    .toSorted((a, b) => a.from - b.from);
  let covered = 0;
  let at = 0;
  for (const { from, to } of spans) {
    covered += Math.max(0, to - Math.max(at, from));
    at = Math.max(at, to);
  }
  return Math.max(0, until - begin - covered);
}
