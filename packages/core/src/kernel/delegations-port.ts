import type { Task } from "@mh/contract/wire/command.ts";
import type { PlanTask } from "../policy/plan/plan-state.ts";
import type { KernelParts } from "./parts.ts";
import { actsSoFar } from "./plan-acts.ts";

/** What delegation, and the chat for what its planner is shown, may ask of the kernel; nobody else. */
export interface DelegationsPort {
  /** What a task did up to now. */
  soFar(task: string): PlanTask;
  /**
   * Takes in what a task was given by another one: it is looked at like an answer of the skill that gave it, so that what
   * others wrote does not become the task's own by being handed over.
   */
  give(task: Task, by: { skill: string; id: string }, value: unknown): void;
}

export const delegationsPort = ({ registry, traces, reader }: KernelParts): DelegationsPort => ({
  soFar: (task) => traces.soFar(task),
  give(task, { skill: name, id }, value) {
    const skill = registry.get(name);
    const step = { id, skill, pinned: registry.pinned(skill), args: {}, effect: "read", task } as const;
    traces.add(step, value, actsSoFar(reader));
  },
});
