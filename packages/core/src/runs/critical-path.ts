import type { RunTraceStep } from "@mh/contract/run-look.ts";

/**
 * Marks the critical path: from a run's end backwards, the step that ended last before it, then the one that ended last
 * before that one began, and so on, within each of them, too. What took no time that the log knows of is never on it.
 */
export function markCritical(steps: readonly RunTraceStep[], until: string | undefined): RunTraceStep[] {
  const [root] = steps;
  if (!root) return [];
  const children = Map.groupBy(steps.slice(1), ({ parent }) => parent ?? "");
  const critical = new Set<string>();
  const endOf = ({ endedAt }: RunTraceStep) => Date.parse(endedAt ?? until ?? "");
  const walk = (step: RunTraceStep): void => {
    critical.add(step.id);
    let at = endOf(step);
    const timed = (children.get(step.id) ?? []).filter((each) => each.begunAt !== null && tookTime(each, endOf(each)));
    for (const each of timed.toSorted((a, b) => endOf(b) - endOf(a) || b.seq - a.seq)) {
      if (endOf(each) > at) continue;
      walk(each);
      at = Date.parse(each.begunAt as string);
    }
  };
  walk(root);
  return steps.map((step) => ({ ...step, isCritical: critical.has(step.id) }));
}

const tookTime = ({ begunAt }: RunTraceStep, end: number): boolean => end > Date.parse(begunAt as string);
