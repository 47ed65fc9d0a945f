import { planSchema } from "@mh/contract/values/plan.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const mail = agent("mail");
const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "invite the team" };
const sarah = { recipients: ["sarah@example.org"] };
const letter = (text: string, to = "sarah@example.org") => ({
  ...{ text, to, effect: "send" },
  scope: { recipients: [to] },
});
const short = (outcome: Outcome) =>
  "rules" in outcome ? [outcome.status, outcome.layer, ...outcome.rules].join(" ") : outcome.status;
const act = async (home: TestHost, args: unknown, more: Partial<Command> = { task }) =>
  short(await home.act(mail, "outbox.append", args, more));

const plan = (more: object = {}) => ({
  principal: mail,
  task: "0199c1a2-0000-7000-8000-000000000001",
  title: "Invite the team",
  steps: [{ skill: "outbox.append", scope: sarah, times: 2 }],
  ...more,
});

/** A home in which the plan holds. */
async function planned(more: object = {}): Promise<{ home: TestHost; id: string }> {
  const home = await makeHost({ declared: new Map([[mail, ["outbox.append", "plan.propose"]]]) });
  const { id } = await home.own("grant.plan", plan(more));
  return { home, id };
}

test("K11 steps of a plan run without an approval, as often as it says; then they ask again", async () => {
  const { home } = await planned();
  await using _closing = home;
  expect([await act(home, letter("a")), await act(home, letter("b"))]).toEqual(["done", "done"]);
  expect(await act(home, letter("c"))).toBe(
    "parked capability table.suggest.send.ask invariant.first-use invariant.provenance",
  );
  const { plans } = await home.own("grant.list", {});
  expect(plans).toEqual([]);
  expect(home.outbox()).toEqual(["a", "b"]);
});

test.for<[string, unknown, Partial<Command>, string]>([
  ["another recipient", letter("x", "eve@example.net"), { task }, "parked"],
  [
    "one more recipient",
    { ...letter("x"), scope: { recipients: ["sarah@example.org", "eve@example.net"] } },
    { task },
    "parked",
  ],
  ["a host beside", { ...letter("x"), scope: { ...sarah, hosts: ["example.net"] } }, { task }, "parked"],
  ["nowhere that it names", { text: "x", effect: "send" }, { task }, "parked"],
  ["another task", letter("x"), { task: { id: "0199c1a2-0000-7000-8000-000000000002", words: task.words } }, "parked"],
  ["no task", letter("x"), {}, "parked"],
  ["another principal", letter("x"), { task, principal: agent("other") }, "denied"],
  [
    "a recipient in the text of the arguments that is not in the scope",
    { ...letter("x"), to: "eve@example.net" },
    { task },
    "parked",
  ],
  ["a skill that the plan does not name", { text: "x" }, { task, skill: "memory.capture" }, "denied"],
])("K11 outside a plan it asks as ever: %s", async ([, args, more, expected]) => {
  const { home } = await planned();
  await using _closing = home;
  const command = { principal: mail, skill: "outbox.append", args, ...more };
  expect(short(await home.host.act(command)).split(" ")[0]).toBe(expected);
  expect(home.outbox()).toEqual([]);
});

test("K11 a plan lifts no denial: a rule, STOP, trust, the rate and what is the owner's alone stand", async () => {
  const { home } = await planned({ steps: [{ skill: "outbox.append", scope: sarah, times: 50 }] });
  await using _closing = home;
  await home.own("trust.set", { principal: mail, level: "observe" });
  expect(await act(home, letter("x"))).toBe("denied boundary");
  await home.own("trust.set", { principal: mail, level: "suggest" });
  expect(await act(home, { ...letter("x"), effect: "admin" })).toContain("denied capability invariant.admin");
  home.rule("hard.cedar", `@id("no") forbid (principal, action == mh::Action::"send", resource);`);
  expect(await act(home, letter("x"))).toBe("denied boundary hard.cedar#no");
  await home.own("config.set", { name: "rate.commandsPerHour", value: 1 });
  expect(await act(home, { ...letter("a"), effect: "notify" })).toBe("done");
  expect(await act(home, { ...letter("b"), effect: "notify" })).toContain("denied rate invariant.rate");
  await home.own("kernel.stop", {});
  expect(await act(home, { ...letter("c"), effect: "notify" })).toContain("invariant.stop");
  expect(home.outbox()).toEqual(["a"]);
});

test("K11 arguments that a plan names must be just those, and are vouched for with it", async () => {
  const steps = [{ skill: "outbox.append", args: { to: "room 4", effect: "local" }, times: 5 }];
  const { home } = await planned({ steps });
  await using _closing = home;
  expect(await act(home, { text: "a", to: "room 4", effect: "local" })).toBe("done");
  expect(await act(home, { text: "b", to: "room 5", effect: "local" })).toContain("parked");
  expect(await act(home, { text: "c", to: "room 4", effect: "send" })).toContain("parked");
  expect(home.outbox()).toEqual(["a"]);
});

test("K11 revoking bites at once, and so does the end of its time", async () => {
  const { home, id } = await planned({ forMinutes: 120 });
  await using _closing = home;
  home.clock.forward(120 * 60_000 - 1);
  expect(await act(home, letter("a"))).toBe("done");
  home.clock.forward(1);
  expect(await act(home, letter("b"))).toContain("parked");
  const { id: second } = await home.own("grant.plan", plan());
  await home.own("grant.revoke", { id: second });
  expect(await act(home, letter("c"))).toContain("parked");
  expect(id).not.toBe(second);
});

test("K11 ten steps at once use a plan of three up three times", async () => {
  const { home } = await planned({ steps: [{ skill: "outbox.append", scope: sarah, times: 3 }] });
  await using _closing = home;
  const ends = await Promise.all(Array.from({ length: 10 }, (_, n) => act(home, letter(`${n}`))));
  expect(ends.filter((end) => end === "done")).toHaveLength(3);
  expect(home.outbox()).toHaveLength(3);
});

test("K11 an agent proposes a plan: one request that shows it whole, one approval, and what is left survives a restart", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append", "plan.propose"]]]) });
  const { steps, title } = plan();
  const asked = await home.act(mail, "plan.propose", { title, steps }, { task });
  expect(short(asked)).toContain("parked");
  expect(await act(home, letter("too early"))).toContain("parked");
  const shown = await home.own("approval.show", { id: asked.id });
  expect(shown.command?.args).toEqual({ title, steps: [{ ...steps[0], args: {} }] });
  const outcome = await home.approve(asked.id, shown.hash);
  expect(short(outcome)).toBe("done");
  expect(await act(home, letter("a"))).toBe("done");
  await home.reopen();
  expect(await act(home, letter("b"))).toBe("done");
  expect(await act(home, letter("c"))).toContain("parked");
});

test("K11 nobody gets a plan without an approval, whatever their trust and the rules, and none for somebody else", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append", "plan.propose", "grant.plan"]]]) });
  home.rule("loose.cedar", `permit (principal, action, resource);`);
  await home.own("policy.adopt", {});
  await home.own("trust.set", { principal: mail, level: "adaptive_auto" });
  for (const skill of ["plan.propose", "grant.plan", "outbox.append"])
    await home.own("grant.give", { principal: mail, skill });
  const { steps, title } = plan();
  const words = { id: "0199c1a2-0000-7000-8000-000000000001", words: JSON.stringify({ title, steps }) };
  expect(short(await home.act(mail, "plan.propose", { title, steps }, { task: words }))).toContain("parked");
  expect(short(await home.act(mail, "grant.plan", plan(), { task }))).toContain("denied");
  const forOther = await home.act(mail, "plan.propose", { title, steps, principal: agent("other") }, { task });
  expect(forOther.status).toBe("failed");
  const nested = { title, steps: [{ skill: "plan.propose" }] };
  expect((await home.act(owner, "grant.plan", plan(nested))).status).toBe("failed");
  expect((await home.act(owner, "grant.plan", plan({ steps: [{ skill: "grant.give" }] }))).status).toBe("failed");
});

test("K11 the log tells that a plan allowed it, and the verdict is worked out again from it", async () => {
  const { home, id } = await planned({ steps: [{ skill: "outbox.append", args: { effect: "local" }, times: 1 }] });
  await using _closing = home;
  const outcome = await home.act(mail, "outbox.append", { text: "a", effect: "local" }, { task });
  expect(short(outcome)).toBe("done");
  await home.close();
  const told = explainCommand(home.root, home.environment, outcome.id);
  expect(told?.decided?.rules).toContain(`plan.${id}/1`);
  expect(told?.rejudged).toMatchObject({ isSame: true, verdict: { verdict: "allow" } });
});

test("K11 a task that no command can carry is refused for a plan and a grant, and what older homes hold stays readable", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append"]]]) });
  for (const bad of ["t1", "", "--dry-run"])
    expect(await home.act(owner, "grant.plan", plan({ task: bad }))).toMatchObject({
      fault: { code: "args.invalid", message: expect.stringContaining("mh act … --task") },
    });
  expect(await home.act(owner, "grant.give", { principal: mail, skill: "outbox.append", task: "t1" })).toMatchObject({
    fault: { code: "args.invalid", message: expect.stringContaining("mh act … --task") },
  });
  const { principal, title, steps } = plan();
  expect(planSchema().parse({ principal, title, steps, task: "t1" }).task).toBe("t1");
});

test("K11 a plan of a skill that its principal may not use is refused with the next step, given, previewed or proposed", async () => {
  const other = agent("other");
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append", "plan.propose"]]]) });
  const steps = [{ skill: "outbox.append" }, { skill: "memory.capture" }];
  const listed = { all: { skill: "task.list", args: {} } };
  const { title } = plan();
  const refused = (message: string) => ({ fault: { code: "args.invalid", message: expect.stringContaining(message) } });
  const inFile = "agent:mail may not use memory.capture, so this plan could not be followed. What it may use stands in";
  expect(await home.act(owner, "grant.plan", plan({ steps }))).toMatchObject(refused(inFile));
  expect(await home.act(owner, "plan.preview", plan({ steps }))).toMatchObject(refused(inFile));
  expect(await home.act(mail, "plan.propose", { title, steps }, { task })).toMatchObject(refused(inFile));
  expect(await home.act(owner, "grant.plan", plan({ sources: listed }))).toMatchObject(
    refused("may not use task.list"),
  );
  const forOther = plan({ principal: other });
  expect(await home.act(owner, "grant.plan", forOther)).toMatchObject(
    refused("First: `mh grant give agent:other outbox.append`."),
  );
  await home.own("grant.give", { principal: other, skill: "outbox.append", task: forOther.task });
  await home.own("grant.plan", forOther);
  const elsewhere = plan({ principal: other, task: "0199c1a2-0000-7000-8000-000000000002" });
  expect((await home.act(owner, "grant.plan", elsewhere)).status).toBe("failed");
});

test("a plan names what a skill does not take by that skill's own help", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append"]]]) });
  expect(
    await home.act(owner, "grant.plan", plan({ steps: [{ skill: "memory.search", args: { query: "x" } }] })),
  ).toMatchObject({
    fault: { message: "memory.search takes no query. `mh help memory.search` shows what it takes." },
  });
});
