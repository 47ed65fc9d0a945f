import type { Risk } from "@mh/contract/values/effect.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { bankSkills } from "../support/bank-skills.ts";

const clerk = agent("clerk");
async function home(skills = bankSkills()): Promise<TestHost> {
  const made = await makeHost({ skills });
  for (const name of ["spend.perDay", "spend.perDayEach"]) await made.own("config.set", { name, value: 2000 });
  await made.own("config.set", { name: "spend.perWeek", value: 5000 });
  for (const skill of ["bills.read", "bank.pay", "outbox.append"])
    await made.own("grant.give", { principal: clerk, skill });
  return made;
}

const task = (id: string, words: string) => ({ task: { id, words } });
const known = { to: "DE89370400440532013000", amount: 118.4 };

test("H12 a request shows each value that decides with its kind and origin, and what is odd about it", async () => {
  await using made = await home();
  const words = "Pay 118.40 to DE89370400440532013000";
  const first = await made.act(clerk, "bank.pay", known, task("t1", words));
  expect(first.status).toBe("parked");
  const before = await made.own("approval.show", { id: first.id });
  expect(before.values).toMatchObject([
    { path: "to", kind: "iban", decides: true, from: [{ mark: "you" }], odd: [] },
    { path: "amount", kind: "amount", text: "118.4", decides: true, from: [{ mark: "you" }] },
  ]);
  expect(before.facts).toMatchObject({ effect: "spend", risk: "medium", approved: { times: 0 }, batch: null });
  await made.approve(first.id, before.hash);
  const second = task("t2", "Pay my bills");
  await made.act(clerk, "bills.read", {}, second);
  const args = { to: "LT121000011101001000", amount: 1240, note: "May\n\u202eundo" };
  const { id } = await made.act(clerk, "bank.pay", args, second);
  const { values, facts, shown } = await made.own("approval.show", { id });
  expect(values).toMatchObject([
    {
      ...{ path: "to", kind: "iban", text: "LT121000011101001000", decides: true },
      from: [{ mark: "outside", says: "what bills.read answered" }],
      endorse: "what bills.read answered",
      odd: ["Never paid to before, and in Lithuania"],
      last: { text: "DE89370400440532013000", times: 1 },
    },
    { path: "amount", text: "1240", odd: ["The last one was 118.4"], decides: true },
    {
      path: "note",
      text: "May[U+000A][U+202E]undo",
      decides: false,
      from: [{ mark: "model", says: "clerk" }],
      odd: [],
    },
  ]);
  expect(facts).toMatchObject({ approved: { times: 1 }, learns: ["LT121000011101001000"] });
  expect(facts.left).toContain("641.6 EUR of its allowance after it");
  // The terminal and the phone read the same.
  expect(shown).toContainEqual({
    label: "odd",
    text: "to: Never paid to before, and in Lithuania; last DE89370400440532013000",
  });
  expect(shown).toContainEqual({ label: "learns", text: "LT121000011101001000" });
});

const line = (to: string, more: { risk?: Risk; text?: string } = {}) => ({
  ...{ text: `to ${to}`, to, effect: "send", scope: { recipients: ["sarah@example.org"] } },
  ...more,
});

test("H12 requests of one kind are one batch; what is of high risk, pays, or holds values of others never is", async () => {
  await using made = await home();
  const words = "Write to sarah@example.org";
  const keyOf = async (args: object, given = words, principal = clerk) => {
    const { id } = await made.act(principal, "outbox.append", args, task("b", given));
    return (await made.own("approval.show", { id })).facts.batch;
  };
  const key = await keyOf(line("sarah@example.org", { text: "one" }));
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(await keyOf(line("sarah@example.org", { text: "two" }))).toBe(key);
  const elsewhere = { ...line("sarah@example.org"), scope: { recipients: ["tom@example.org"] } };
  expect(await keyOf(elsewhere)).not.toBe(key);
  expect(await keyOf(line("sarah@example.org", { risk: "high", text: "three" }))).toBeNull();
  expect(await keyOf(line("eve@evil.example"))).toBeNull();
  const { id } = await made.act(clerk, "bank.pay", known, task("t1", "Pay 118.40 to DE89370400440532013000"));
  expect((await made.own("approval.show", { id })).facts.batch).toBeNull();
});
