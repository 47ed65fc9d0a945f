import { owner } from "@mh/contract/values/principal.ts";
import { expect, test } from "vitest";
import type { Skill } from "./skill.ts";
import { TaskTraces, type TracedCall } from "./task-traces.ts";

const skill = { contract: { name: "notes.read", control: [] } } as unknown as Skill;
const call = (task: string): TracedCall => ({
  ...{ id: `${task}-read`, skill, args: {}, effect: "read", pinned: "notes.read@1" },
  task: { id: task, words: "Read", owner } as TracedCall["task"],
});

test("R-17 what tasks have read is held up to a bound over all of them; the one at hand is held whole, and the others count as others' text", () => {
  const traces = new TaskTraces(() => []);
  const tasks = Array.from({ length: 10 }, (_, n) => `task-${n}`);
  for (const task of tasks) traces.add(call(task), { text: "word ".repeat(100_000) }, 0);
  const kept = tasks.filter((task) => traces.soFar(task).steps.length > 0);
  expect(kept).toEqual(tasks.slice(-4));
  traces.add(call("large"), { text: "word ".repeat(190_000) }, 0);
  traces.add(call("large"), { text: "word ".repeat(190_000) }, 0);
  traces.add(call("large"), { text: "word ".repeat(190_000) }, 0);
  expect(tasks.filter((task) => traces.soFar(task).steps.length > 0)).toEqual([]);
  expect(traces.soFar("large").steps.length).toBe(3);
});
