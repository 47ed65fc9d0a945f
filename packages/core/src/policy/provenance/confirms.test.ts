import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { expect, test } from "vitest";
import { judgeCall } from "./judge-call.ts";
import { Trace } from "./trace.ts";

// A manifest may say which calls a code completes: then nothing is read out of their answers.

const order = toolFactsSchema.parse({ control: ["ware"], types: { ware: "name" } });
const unlock = toolFactsSchema.parse({
  control: ["code"],
  types: { code: "secret" },
  confirms: { code: ["shop.order"] },
});
const inbox = toolFactsSchema.parse({ writers: "anyone" });
const mail = { id: "2", facts: inbox, effect: "read", args: {}, output: "Your code is 804116." } as const;

function unlocks(skill: string, { facts = unlock, args = {}, isUsed = false } = {}): boolean {
  const trace = new Trace("Order the ficus and look into my inbox");
  trace.add({ id: "1", skill, facts: order, effect: "spend", args: { ware: "ficus" }, output: { ok: true } });
  trace.add(mail);
  const call = { facts, effect: "spend", args: { code: "804116", ...args } } as const;
  if (isUsed) trace.add({ id: "3", ...call, output: { ok: true } });
  return judgeCall(trace, { id: "now", ...call }).every(({ vouched }) => vouched);
}

test("K8 a code completes the calls that its manifest names, once, and no others", () => {
  expect(unlocks("shop.order")).toBe(true);
  expect(unlocks("shop.return")).toBe(false);
  expect(unlocks("shop.order", { isUsed: true })).toBe(false);
  expect(unlocks("shop.order", { facts: toolFactsSchema.parse({ ...unlock, confirms: {} }) })).toBe(false);
});

test("K8 what stands beside a declared code is looked at for itself", () => {
  const facts = toolFactsSchema.parse({ ...unlock, control: ["code", "pays"], types: { pays: "iban" } });
  expect(unlocks("shop.order", { facts })).toBe(true);
  expect(unlocks("shop.order", { facts, args: { pays: "DE89370400440532013000" } })).toBe(false);
});
