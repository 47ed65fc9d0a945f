import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const scribe = agent("scribe");
const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "write the weekly letter" };
const skills = ["memory.capture", "memory.edit", "task.add", "file.write", "outbox.append"];

/** A home in which an agent may do a few things without asking. */
async function makeDesk(): Promise<TestHost> {
  const home = await makeHost({ declared: new Map([[scribe, skills]]) });
  for (const skill of skills) await home.own("grant.give", { principal: scribe, skill });
  return home;
}

/** Does something in a task, with the owner's approval where it asks. */
async function does(home: TestHost, skill: string, args: unknown, by = task): Promise<Record<string, string>> {
  const first = await home.act(scribe, skill, args, { task: by });
  const outcome = first.status === "parked" ? await approved(home, first.approval) : first;
  if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
  return { ...(outcome.value as Record<string, string>), command: outcome.id };
}

const approved = async (home: TestHost, id: string) => home.approve(id, (await home.own("approval.show", { id })).hash);

const texts = async (home: TestHost): Promise<string[]> =>
  (await home.own("memory.list", {})).memories.map(({ content }) => content).sort();

const names = (acts: readonly { skill: string }[]): string[] => acts.map(({ skill }) => skill);

test("K16 a whole task is undone by one command: what cannot be undone comes first, then the newest first", async () => {
  await using home = await makeDesk();
  await home.own("memory.capture", { text: "Not of the task" });
  const { id } = await does(home, "memory.capture", { text: "Draft" });
  await does(home, "outbox.append", { text: "sent", effect: "notify" });
  await does(home, "memory.edit", { id, text: "Draft, mended" });
  const { path = "" } = await does(home, "task.add", { title: "Post it" });
  await does(home, "memory.capture", { text: "Another task" }, { ...task, id: "other" });
  const seen = await home.own("history.task", { task: task.id });
  expect(await texts(home)).toContain("Draft, mended");
  const undone = await home.own("history.undo-task", { task: task.id });
  expect(undone).toEqual(seen);
  expect(names(undone.fixed)).toEqual(["outbox.append"]);
  expect(undone.fixed[0]).toMatchObject({ reason: "it cannot be undone", principal: scribe });
  expect(names(undone.taken)).toEqual(["task.add", "memory.edit", "memory.capture"]);
  expect([undone.stale, undone.undone]).toEqual([[], []]);
  expect(await texts(home)).toEqual(["Another task", "Not of the task"]);
  expect(fs.existsSync(home.file(path))).toBe(false);
  const { records } = await home.own("log.search", { skill: "history.undo-task", phase: "intent" });
  expect(records).toHaveLength(1);
  await home.own("history.redo", { id: undone.taken[0]?.id });
  expect(await texts(home)).toEqual(["Another task", "Draft, mended", "Not of the task"]);
});

test("K16 parts that were undone before stay so, and what was redone goes with the rest", async () => {
  await using home = await makeDesk();
  const first = await does(home, "memory.capture", { text: "One" });
  await does(home, "file.write", { path: "a.txt", text: "A" });
  await home.own("history.undo", { principal: scribe });
  expect(await texts(home)).toEqual([]);
  await does(home, "memory.capture", { text: "Two" });
  const undone = await home.own("history.undo-task", { task: first.command ?? "" });
  expect([names(undone.taken), names(undone.undone)]).toEqual([["memory.capture"], ["file.write", "memory.capture"]]);
  await home.own("history.redo", { id: first.command });
  await home.own("history.undo-task", { task: task.id });
  expect(await texts(home)).toEqual([]);
  const again = await home.act(owner, "history.undo-task", { task: task.id });
  expect(again).toMatchObject({ status: "failed", fault: { code: "history.nothing" } });
});

test("K16 what somebody else changed since stays with all that wrote into it, and is named; the rest is undone", async () => {
  await using home = await makeDesk();
  const { id = "" } = await does(home, "memory.capture", { text: "Kept" });
  await does(home, "memory.edit", { id, text: "Kept, by the task" });
  await does(home, "memory.capture", { text: "Gone" });
  const { path = "" } = await does(home, "task.add", { title: "Call Sarah" });
  await home.own("memory.edit", { id, text: "Kept, by me" });
  fs.appendFileSync(home.file(path), "\nHer number is new.\n");
  const undone = await home.own("history.undo-task", { task: task.id });
  expect(names(undone.taken)).toEqual(["memory.capture"]);
  expect(undone.stale.map(({ skill, reason }) => [skill, reason])).toEqual([
    ["task.add", `${path} was changed again since`],
    ["memory.edit", `memory ${id} was changed again since`],
    ["memory.capture", `memory ${id} was changed again since`],
  ]);
  expect(await texts(home)).toEqual(["Kept, by me"]);
  expect(fs.readFileSync(home.file(path), "utf8")).toContain("Her number is new.");
  const again = await home.act(owner, "history.undo-task", { task: task.id });
  expect(again).toMatchObject({ status: "failed", fault: { code: "history.stale" } });
});

test("K16 a task is named by its id, a plan for it or a command in it; by nothing else, and nobody else undoes it", async () => {
  await using home = await makeDesk();
  const { command = "" } = await does(home, "memory.capture", { text: "One" });
  const steps = [{ skill: "outbox.append" }];
  const plan = await home.own("grant.plan", { principal: scribe, task: task.id, title: "Letter", steps });
  for (const which of [task.id, plan.id, command, command.slice(-8), plan.id.slice(-8), "0199c1a2"]) {
    const found = await home.own("history.task", { task: which });
    expect([which, found.task, found.plans]).toEqual([which, task.id, [plan.id]]);
  }
  for (const which of ["019", "no such task"])
    expect(await home.act(owner, "history.task", { task: which })).toMatchObject({
      fault: { code: "history.nothing" },
    });
  await does(home, "memory.capture", { text: "Two" }, { ...task, id: "0199c1a2-0000-7000-8000-000000000002" });
  expect(await home.act(owner, "history.task", { task: "0199c1a2" })).toMatchObject({
    fault: { message: expect.stringContaining("Several tasks") },
  });
  expect((await home.act(scribe, "history.undo-task", { task: task.id }, { task })).status).toBe("denied");
  expect(await texts(home)).toEqual(["One", "Two"]);
});

test("K16 a task that an agent gave the short id of another is not undone in its place", async () => {
  await using home = await makeDesk();
  const { command = "" } = await does(home, "memory.capture", { text: "Real" });
  for (const id of [task.id.slice(-8), command.slice(-8)]) {
    await does(home, "memory.capture", { text: `Decoy ${id}` }, { ...task, id });
    expect(await home.act(owner, "history.undo-task", { task: id })).toMatchObject({
      fault: { message: expect.stringContaining("Several tasks") },
    });
  }
  expect((await home.own("history.undo-task", { task: task.id })).task).toBe(task.id);
  expect(await texts(home)).toHaveLength(2);
});

test("K16 what is too old, was forgotten or was cut off is listed with what cannot be undone", async () => {
  await using home = await makeDesk();
  await does(home, "memory.capture", { text: "Old" });
  home.clock.forward(31 * 24 * 3_600_000);
  const { id = "" } = await does(home, "memory.capture", { text: "Forgotten" });
  const asked = await home.act(owner, "memory.forget", { id });
  await approved(home, asked.id);
  await does(home, "memory.capture", { text: "New" });
  const { fixed, taken } = await home.own("history.undo-task", { task: task.id });
  expect(fixed.map(({ reason }) => reason)).toEqual([
    "what it wrote was forgotten since",
    "it was done more than 30 days ago",
  ]);
  expect(names(taken)).toEqual(["memory.capture"]);
  await home.reopen();
  expect(await texts(home)).toEqual(["Old"]);
});
