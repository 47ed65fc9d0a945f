import { type Plan, planSchema } from "@mh/contract/values/plan.ts";
import { type Step, toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { expect, test } from "vitest";
import { compareWithPlan, coveringStep } from "./covering-step.ts";
import { afterUse, freshPlan, type PlannedCall, type PlanState } from "./plan-state.ts";

const facts = toolFactsSchema.parse({});
const plain = (text: string) => text;
const read = (skill: string, args: object, output: unknown, more: Partial<Step> = {}): { step: Step } => ({
  step: { id: skill, skill, facts, effect: "read", args: { ...args }, output, ...more },
});
const call = (skill: string, args: object, scope: PlannedCall["scope"] = {}): PlannedCall => ({
  ...{ skill, args: { ...args }, scope },
});
const planned = (plan: object): PlanState =>
  freshPlan("p", planSchema().parse({ principal: "agent:me", task: "t", title: "T", ...plan }) as Plan);

const bills = [
  { from: "shop@a.example", iban: "DE89370400440532013000", sum: 20, kind: "bill" },
  { from: "gas@b.example", iban: "GB33BUKB20201555555555", sum: 45.5, kind: "bill" },
  { from: "eve@evil.example", iban: "FR7630006000011234567890189", sum: 9000, kind: "offer" },
];
const mails = read("mail.search", { query: "bill" }, { mails: bills });
const payBills = planned({
  sources: { bills: { skill: "mail.search", args: { query: "bill" } } },
  steps: [
    {
      skill: "bank.pay",
      each: { source: "bills" },
      slots: {
        to: { from: "bills", field: "iban", kind: "iban", where: { kind: "bill" } },
        amount: { from: "bills", field: "sum", kind: "amount", atMost: 50, inAll: 80 },
      },
    },
  ],
});
const pay = (to: string, amount: unknown) => call("bank.pay", { to, amount });
const idOf = (state: PlanState, task: { step: Step }[], wanted: PlannedCall) =>
  coveringStep(state, { steps: task }, wanted, plain)?.id;

test("K11 a step takes its values from one entry of the source that it names, and each entry once", () => {
  const first = coveringStep(payBills, { steps: [mails] }, pay("DE89370400440532013000", 20), plain);
  expect([first?.id, first?.speaksFor("to"), first?.speaksFor("amount"), first?.speaksFor("note")]).toEqual([
    ...["p/1", true, true, false],
  ]);
  const after = afterUse(payBills, first as NonNullable<typeof first>);
  expect(idOf(after, [mails], pay("DE89370400440532013000", 20))).toBeUndefined();
  expect(idOf(after, [mails], pay("GB33BUKB20201555555555", "45,5"))).toBe("p/1");
});

test.for<[string, { step: Step }[], PlannedCall]>([
  ["nothing was read", [], pay("DE89370400440532013000", 20)],
  ["values of two entries", [mails], pay("DE89370400440532013000", 45.5)],
  ["an entry that it does not speak of", [mails], pay("FR7630006000011234567890189", 9000)],
  ["another question", [read("mail.search", { query: "offer" }, { mails: bills })], pay("DE89370400440532013000", 20)],
  [
    "an answer of another skill",
    [read("mail.read", { query: "bill" }, { mails: bills })],
    pay(bills[0]?.iban ?? "", 20),
  ],
])("K11 what a plan does not name is not in it: %s", ([, steps, wanted]) => {
  expect(idOf(payBills, steps, wanted)).toBeUndefined();
  expect(compareWithPlan(payBills, { steps }, wanted, plain)).toMatchObject({ n: 1 });
});

test("K11 an argument that the plan fills is in every command of the step: to leave it out is another command", () => {
  expect(idOf(payBills, [mails], call("bank.pay", { to: "DE89370400440532013000" }))).toBeUndefined();
  expect(idOf(payBills, [mails], call("bank.pay", { to: [], amount: 20 }))).toBeUndefined();
  const detail = planned({
    sources: {
      bills: { skill: "mail.search", args: { query: "bill" } },
      whole: { skill: "mail.read", slots: { id: { from: "bills", field: "id" } } },
    },
    steps: [{ skill: "mail.send", slots: { to: { from: "whole", field: "from" } } }],
  });
  const list = read("mail.search", { query: "bill" }, [{ id: "m1" }, { id: "m2" }]);
  const send = call("mail.send", { to: "ann@a.example" });
  const answered = (args: object) => read("mail.read", args, { from: "ann@a.example" });
  expect(idOf(detail, [list, answered({ id: "m1" })], send)).toBe("p/1");
  expect(idOf(detail, [list, answered({})], send)).toBeUndefined();
  expect(idOf(detail, [list, answered({ id: "m3" })], send)).toBeUndefined();
  expect(idOf(detail, [answered({ id: "m1" })], send)).toBeUndefined();
  expect(idOf(detail, [list], call("mail.read", { id: "m2" }))).toBe("p/whole");
  expect(idOf(detail, [list], call("mail.read", { id: "m3" }))).toBeUndefined();
  expect(idOf(detail, [list], call("mail.read", {}))).toBeUndefined();
});

test("K11 values of two sources belong together where one was asked by the other", () => {
  const bios = planned({
    sources: {
      people: { skill: "people.list" },
      bio: { skill: "people.bio", slots: { name: { from: "people", field: "name" } } },
    },
    steps: [
      {
        skill: "mail.send",
        slots: { to: { from: "people", field: "mail" }, text: { from: "bio", field: "text" } },
        times: 9,
      },
    ],
  });
  const people = [
    { name: "Ann", mail: "ann@a.example" },
    { name: "Ben", mail: "ben@b.example" },
  ];
  const task = [
    read("people.list", {}, people),
    read("people.bio", { name: "Ann" }, { text: "She paints" }),
    read("people.bio", { name: "Ben" }, { text: "He sails" }),
  ];
  expect(idOf(bios, task, call("mail.send", { to: "ben@b.example", text: "He sails" }))).toBe("p/1");
  expect(idOf(bios, task, call("mail.send", { to: "ann@a.example", text: "He sails" }))).toBeUndefined();
});

test("K11 a loop over a field takes each of its values once, and one over a list each of that", () => {
  const plan = (each: object, slot: object) =>
    planned({
      sources: { team: { skill: "team.get" } },
      steps: [{ skill: "chat.invite", each, slots: { user: slot }, times: 9 }],
    });
  const team = read("team.get", {}, { name: "Red", members: ["ann", "ben"] });
  for (const state of [
    plan({ source: "team", field: "members" }, { from: "team", field: "members" }),
    plan({ values: ["ann", "ben"] }, { from: "each" }),
  ]) {
    const invite = (user: string) => call("chat.invite", { user });
    const first = coveringStep(state, { steps: [team] }, invite("ben"), plain);
    const then = afterUse(state, first as NonNullable<typeof first>);
    expect([idOf(then, [team], invite("ben")), idOf(then, [team], invite("Red"))]).toEqual([undefined, undefined]);
    expect(idOf(then, [team], invite("ann"))).toBe("p/1");
  }
});

test("K11 a list may be filled from many entries, and from no more than the plan says", () => {
  const state = planned({
    sources: { team: { skill: "team.list" } },
    steps: [{ skill: "event.add", slots: { people: { from: "team", field: "mail", kind: "email", many: 2 } } }],
  });
  const team = read("team.list", {}, [{ mail: "ann@a.example" }, { mail: "ben@b.example" }, { mail: "cyd@c.example" }]);
  const add = (...people: string[]) => call("event.add", { people });
  expect(idOf(state, [team], add("cyd@c.example", "ann@a.example"))).toBe("p/1");
  expect(idOf(state, [team], add("cyd@c.example", "eve@evil.example"))).toBeUndefined();
  expect(idOf(state, [team], add("ann@a.example", "ben@b.example", "cyd@c.example"))).toBeUndefined();
});

test.for<[string, object]>([
  ["an argument whose name is a path", { "to[0]": "ann@a.example" }],
  ["an argument whose name has a dot", { "event.to": "ann@a.example" }],
  ["a name in a name's place", { event: { "to.x": "ann@a.example" } }],
  ["a key as a value", { to: { "ann@a.example": "ann@a.example" } }],
  ["what objects have of themselves", JSON.parse('{"__proto__":{"to":["ann@a.example"]}}')],
])("K11 a path of a slot is that path and no other: %s", ([, args]) => {
  const steps = [
    { skill: "mail.send", slots: { "to[0]": { from: "team" } } },
    { skill: "event.send", slots: { "event.to": { from: "team" } } },
  ];
  const state = planned({ sources: { team: { skill: "team.list" } }, steps });
  const team = read("team.list", {}, ["ann@a.example"]);
  expect(idOf(state, [team], call("mail.send", { to: ["ann@a.example"] }))).toBe("p/1");
  expect(idOf(state, [team], call("event.send", { event: { to: "ann@a.example" } }))).toBe("p/2");
  for (const skill of ["mail.send", "event.send"]) {
    const found = coveringStep(state, { steps: [team] }, call(skill, args), plain);
    const spoken = ["to", "to[0]", "event.to", "event", "event.to.x", "__proto__"].filter((path) =>
      found?.speaksFor(path),
    );
    expect(spoken).toEqual([]);
  }
});

test("K11 what a command reaches follows from what the plan names, or is in its scope", () => {
  const step = { skill: "file.write", slots: { path: { from: "names", kind: "path" } } };
  const state = planned({ sources: { names: { skill: "name.list" } }, steps: [step] });
  const names = read("name.list", {}, ["notes/a.md", "../b.md"]);
  const write = (path: string, place: string, more: object = {}) =>
    idOf(state, [names], call("file.write", { path, text: "x", ...more }, { paths: [place] }));
  expect(write("notes/a.md", "/home/ada/out/notes/a.md")).toBe("p/1");
  expect(write("notes/a.md", "/home/ada/out/notes/b.md")).toBeUndefined();
  expect(write("../b.md", "/home/ada/b.md")).toBeUndefined();
  expect(write("notes/a.md", "/etc/notes/a.md", { root: "/etc" })).toBeUndefined();
});

test("K11 a command of which the plan names all leaves nothing of the agent's own; what nobody said is named", () => {
  const wholeOf = (args: object, defaults = {}) =>
    coveringStep(payBills, { steps: [mails] }, { ...call("bank.pay", args), defaults }, plain)?.use.isWhole;
  const named = { to: "DE89370400440532013000", amount: 20 };
  expect(wholeOf(named)).toBe(true);
  expect(wholeOf({ ...named, note: "for you" })).toBeUndefined();
  expect(wholeOf({ ...named, urgent: false }, { urgent: false })).toBe(true);
  expect(wholeOf({ ...named, urgent: true }, { urgent: false })).toBeUndefined();
});
