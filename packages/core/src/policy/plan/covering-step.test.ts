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
  freshPlan("p", planSchema.parse({ principal: "agent:me", task: "t", title: "T", ...plan }) as Plan);

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
