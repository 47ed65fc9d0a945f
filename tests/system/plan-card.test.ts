import { agent } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const mail = agent("mail");
const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "tell everybody who has a task" };
const proposal = {
  title: "Tell them",
  sources: { tasks: { skill: "task.list", args: { all: true } } },
  steps: [
    { skill: "outbox.append", args: { effect: "send" }, slots: { text: { from: "tasks", field: "title" } } },
    { skill: "memory.capture", args: { text: "told them" } },
  ],
};

const makeDesk = (): Promise<TestHost> =>
  makeHost({ declared: new Map([[mail, ["task.list", "outbox.append", "memory.capture", "plan.propose"]]]) });

test("K16 a proposed plan is asked for by its card: one screen, instead of its arguments", async () => {
  await using home = await makeDesk();
  const { id } = await home.act(mail, "plan.propose", proposal, { task });
  const { card, shown } = await home.own("approval.show", { id });
  expect(card?.page).toEqual([]);
  expect(card?.screen).toContain("task     tell everybody who has a task");
  expect(card?.screen).toContain("CANNOT BE UNDONE  1. outbox.append");
  expect(card?.screen).toContain('      text ←  from an entry of tasks, field "title"');
  expect(shown.filter(({ label }) => label.startsWith("argument"))).toEqual([]);
  expect(shown.find(({ label }) => label === "held fast")?.text).toContain("outbox.append");
  const other = await home.act(mail, "memory.capture", { text: "x" }, { task });
  expect((await home.own("approval.show", { id: other.id })).card).toBeUndefined();
});

test("K16 a plan reads the same before it is approved, while it waits and in force; then with what was done", async () => {
  await using home = await makeDesk();
  const wanted = { principal: mail, task: "0199c1a2-0000-7000-8000-000000000001", ...proposal };
  const before = await home.own("plan.preview", wanted);
  expect((await home.own("approval.list", {})).plans).toEqual([]);
  const { id } = await home.own("grant.plan", wanted);
  expect((await home.own("plan.show", { id })).card).toEqual(before);
  expect((await home.act(mail, "memory.capture", { text: "told them" }, { task })).status).toBe("done");
  const { card } = await home.own("plan.show", { id: id.slice(-8) });
  expect(card.screen.filter((line) => !before.screen.includes(line))).toEqual([
    "2.  Remember a text (memory.capture), once; 1 done",
  ]);
  const { plans } = await home.own("approval.list", {});
  expect(plans.map((plan) => [plan.id, plan.steps.map(({ used }) => used)])).toEqual([[id, [0, 1]]]);
});

test("K16 what a plan does not cover is asked for as a change to it: which plan, which step, and what differs", async () => {
  await using home = await makeDesk();
  const { id } = await home.own("grant.plan", {
    principal: mail,
    task: "0199c1a2-0000-7000-8000-000000000001",
    ...proposal,
  });
  const asked = await home.act(mail, "memory.capture", { text: "something else" }, { task });
  expect(asked.status).toBe("parked");
  const { shown, hash } = await home.own("approval.show", { id: asked.id });
  const change = shown.find(({ label }) => label === "change to")?.text;
  expect(change).toMatch(/^your plan “Tell them” \(\w{8}\), step 2: .*text/);
  await home.approve(asked.id, hash);
  const { allowedBy } = await home.own("command.explain", { which: asked.id });
  expect(allowedBy).toMatchObject([{ kind: "approval", plan: id, title: "Tell them" }]);
  const outside = await home.act(
    mail,
    "outbox.append",
    { text: "x" },
    { task: { ...task, id: "0199c1a2-0000-7000-8000-000000000002" } },
  );
  const other = await home.own("approval.show", { id: outside.id });
  expect(other.shown.find(({ label }) => label === "change to")).toBeUndefined();
});
