import { expect, test } from "vitest";
import { type Branch, type Step, treeOf, uncovered } from "./run-steps.ts";

const step = (id: string, parent: string | null, more: Partial<Step> = {}): Step => ({
  ...{ id, parent, seq: 0, principal: "agent:clerk", skill: "memory.capture", status: "done", effect: "write" },
  ...{ verdict: "allow", layer: null, reason: "", fault: null, begunAt: null, endedAt: null, askedAt: null },
  ...{ answeredAt: null, isCritical: false, touches: [], tokens: null, minor: null },
  ...more,
});
const root = step("run", null, { skill: "agent.run" });
const sizeOf = ({ inner, folded }: Branch): number =>
  1 + [...inner, ...folded].reduce((sum, each) => sum + sizeOf(each), 0);

test("above forty steps siblings of one skill fold, but for the one asked about and what caused more", () => {
  const many = Array.from({ length: 60 }, (_, n) => step(`s${n}`, "run"));
  const inner = step("inner", "s3");
  const tree = treeOf([root, ...many, inner], "s7") as Branch;
  // The first of the skill, s3 with what it caused, and s7, which is asked about.
  expect(tree.inner.map((each) => each.step.id)).toEqual(["s0", "s3", "s7"]);
  expect(tree.inner[0]?.folded).toHaveLength(57);
  expect(sizeOf(tree)).toBe(62);
  const few = treeOf([root, ...many.slice(0, 39)], "s7") as Branch;
  expect(few.inner).toHaveLength(39);
});

test("what ended differently does not fold together", () => {
  const many = Array.from({ length: 60 }, (_, n) => step(`s${n}`, "run", { status: n === 30 ? "failed" : "done" }));
  expect(treeOf([root, ...many], undefined)?.inner.map((each) => each.step.id)).toEqual(["s0", "s30"]);
});

test("time that no step covers is counted once, however steps overlap", () => {
  const at = (ms: number) => new Date(ms).toISOString();
  const span = (id: string, from: number, to: number) => step(id, "run", { begunAt: at(from), endedAt: at(to) });
  const steps = [
    root,
    span("a", 10, 40),
    span("b", 30, 50),
    span("c", 35, 38),
    step("read", "run", { endedAt: at(70) }),
  ];
  expect(uncovered(steps, 0, 100)).toBe(60);
});
