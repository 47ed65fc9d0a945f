import { type Plan, planSchema } from "@mh/contract/values/plan.ts";
import { type Step, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { expect, test } from "vitest";
import { coveringStep } from "./covering-step.ts";
import { freshPlan, type PlannedCall, type PlanState } from "./plan-state.ts";

const facts = toolFactsSchema.parse({});
const read = (output: unknown): { step: Step } => ({
  step: { id: "1", skill: "box.read", facts, effect: "read", args: { q: "trip" }, output },
});
const source = { skill: "box.read", args: { q: "trip" } };
const planned = (step: object): PlanState =>
  freshPlan(
    "p",
    planSchema().parse({
      ...{ principal: "agent:me", task: "t", title: "T" },
      sources: { box: source },
      steps: [{ skill: "act.do", ...step }],
    }) as Plan,
  );
const covering = (
  plan: PlanState,
  output: unknown,
  args: Record<string, unknown>,
  { scope = {}, ...more }: Partial<PlannedCall> = {},
) => coveringStep(plan, { steps: [read(output)] }, { skill: "act.do", args, scope, ...more }, (text) => text);

const hotels = { guest: { from: "box", field: "data.stays.guest" }, iban: { from: "box", field: "data.stays.iban" } };
const stays = {
  data: {
    page: 1,
    stays: [
      { guest: "Ann", iban: "A1" },
      { guest: "Eve", iban: "E9" },
    ],
  },
};
const only = { iban: { from: "box", field: "data.stays.iban", where: { "data.stays.guest": "Ann" } } };
const sheet = {
  cells: [
    ["Ann", "A1"],
    ["Eve", "E9"],
  ],
};
const cell = { iban: { from: "box", field: "cells", where: { cells: "Ann" } } };
const listed = { iban: { ...only.iban, many: 5 } };

test.for<[string, object, unknown, Record<string, unknown>, Record<string, unknown>]>([
  ["two records below one entry", hotels, stays, { guest: "Ann", iban: "A1" }, { guest: "Ann", iban: "E9" }],
  ["a condition that another record below the entry meets", only, stays, { iban: "A1" }, { iban: "E9" }],
  ["a row of cells", cell, sheet, { iban: "A1" }, { iban: "E9" }],
  ["a list of many", listed, stays, { iban: ["A1"] }, { iban: ["A1", "E9"] }],
])("K11 values of one record belong together, however deep it stands: %s", ([, slots, output, good, bad]) => {
  expect(covering(planned({ slots }), output, good)?.id).toBe("p/1");
  expect(covering(planned({ slots }), output, bad)?.id).toBeUndefined();
});

test("K11 what a list of many takes is of an entry of its own each, none twice", () => {
  const plan = planned({ slots: { items: { from: "box", field: "item", many: 5 } } });
  const output = [{ item: "tea" }, { item: "milk" }, { item: "milk" }];
  expect(covering(plan, output, { items: ["tea", "milk", "milk"] })?.id).toBe("p/1");
  expect(covering(plan, output, { items: ["tea", "tea"] })?.id).toBeUndefined();
});

test.for<[unknown, unknown, boolean]>([
  ["1.500", 1.5, false],
  ["1.500", "1.5", false],
  ["1.500", "1.500", true],
  ["1.50", 1.5, true],
  [1.234, 1.234, true],
])("K11 an amount that may be read in two ways is not the smaller one: %j for %j", ([value, there, isIt]) => {
  const plan = planned({ slots: { sum: { from: "box", field: "sum", kind: "amount" } } });
  expect(covering(plan, [{ sum: there }], { sum: value })?.id).toBe(isIt ? "p/1" : undefined);
});

test.for<[unknown, boolean]>([
  ["1.500", false],
  ["1,500", false],
  ["1.50", true],
  [1.234, true],
  ["0.125", true],
])("K11 a bound holds however the amount is read: %j", ([value, isIt]) => {
  const plan = planned({ slots: { sum: { kind: "amount", atMost: 20 } } });
  expect(covering(plan, [], { sum: value })?.id).toBe(isIt ? "p/1" : undefined);
});

test("K11 a slot for a value takes no object: the names in that would be the agent's", () => {
  const plan = planned({ slots: { share: { from: "box", field: "who" } } });
  expect(covering(plan, [{ who: "ann" }], { share: "ann" })?.id).toBe("p/1");
  expect(covering(plan, [{ who: "ann" }], { share: ["ann"] })?.id).toBe("p/1");
  expect(covering(plan, [{ who: "ann" }], { share: { admin: "ann" } })?.id).toBeUndefined();
  expect(covering(plan, [{ who: "ann" }], { share: ["ann", { admin: {} }] })?.id).toBeUndefined();
  expect(covering(plan, [{ who: "ann" }], { share: ["ann", null, []] })?.id).toBeUndefined();
});

test("K11 an argument without values in it is an argument: a declared read has no other, and a step is not wholly named", () => {
  const plan = planned({ args: { to: "ann@a.example" } });
  const asked = (more: object, defaults?: Record<string, unknown>) =>
    coveringStep(
      plan,
      { steps: [] },
      { skill: "box.read", args: { q: "trip", ...more }, scope: {}, ...(defaults && { defaults }) },
      (text) => text,
    )?.id;
  expect(asked({})).toBe("p/box");
  expect(asked({ folders: [] }, { folders: [] })).toBe("p/box");
  for (const more of [{ folders: [] }, { hunter2: {} }, { filter: { all: null } }, { limit: null }])
    expect([more, asked(more)]).toEqual([more, undefined]);
  const to = "ann@a.example";
  expect(covering(plan, [], { to })?.use.isWhole).toBe(true);
  const scope = { recipients: [to, "everybody"] };
  for (const more of [{ cc: [] }, { hunter2: {} }, { cc: null }]) {
    expect([more, covering(plan, [], { to, ...more })?.use.isWhole]).toEqual([more, undefined]);
    expect([more, covering(plan, [], { to, ...more }, { scope })?.id]).toEqual([more, undefined]);
  }
});
