import { agent, owner } from "@mh/contract/values/principal.ts";
import { removeIndex } from "@mh/host/home/projection.ts";
import { indexFile } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const clerk = agent("clerk");
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const declared = new Map([[clerk, ["memory.capture", "outbox.append", "decision.make"]]]);

/** Asks once, and gives what waits. */
async function asked(home: TestHost, text: string) {
  const args = { text, effect: "send", risk: "low", scope: {} };
  const outcome = await home.act(clerk, "outbox.append", args);
  expect(outcome.status).toBe("parked");
  return home.own("approval.show", { id: outcome.id });
}

test("K3 what was done is counted by the hour, reading left out, and the same from the log alone", async () => {
  await using home = await makeHost({ declared });
  const since = new Date(home.clock.now()).toISOString();
  await home.own("memory.capture", { text: "Tea" });
  await home.own("memory.search", { q: "tea" });
  expect((await home.act(owner, "notify.send", { title: "Tea is ready" })).status).toBe("failed");
  home.clock.forward(hourMs);
  expect((await home.act(clerk, "task.list", {})).status).toBe("denied");
  await home.own("grant.give", { principal: clerk, skill: "outbox.append" });
  await asked(home, "Coffee");
  const before = await home.own("log.activity", { since });
  expect(before.slots.map(({ at: _, ...counts }) => counts)).toEqual([
    { done: 1, asked: 0, denied: 0, failed: 1 },
    { done: 1, asked: 1, denied: 1, failed: 0 },
  ]);
  const { slots } = await home.own("log.activity", { since, principal: clerk, step: "day" });
  expect(slots).toEqual([{ at: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), done: 0, asked: 1, denied: 1, failed: 0 }]);
  await home.close();
  removeIndex(indexFile(home.root));
  await home.reopen();
  expect(await home.own("log.activity", { since })).toEqual(before);
});

test("H17 drift counts refusals, undone commands and other choices against approvals, and stays within [0, 1]", async () => {
  await using home = await makeHost({ declared });
  for (const skill of ["memory.capture", "outbox.append"]) await home.own("grant.give", { principal: clerk, skill });
  const drift = async () => (await home.own("trust.history", { principal: clerk, days: 3 })).drift;
  expect(await drift()).toBe(null);
  for (const text of ["a", "b", "c"]) {
    const { approval, hash } = await asked(home, text);
    expect(await home.approve(approval.id, hash)).toMatchObject({ status: "done" });
  }
  expect(await drift()).toBe(0);
  await home.own("approval.deny", { id: (await asked(home, "d")).approval.id });
  expect(await drift()).toBe(0.25);
  const note = await home.act(clerk, "memory.capture", { text: "Tea" });
  await home.own("history.undo", { id: note.id });
  expect(await drift()).toBe(0.4);
  // Two weeks later none of it counts, and the days in between are all there.
  home.clock.forward(20 * dayMs);
  const { days } = await home.own("trust.history", { principal: clerk, days: 30 });
  expect([days.length, new Set(days.map(({ day }) => day)).size]).toEqual([30, 30]);
  expect(days.at(-1)).toMatchObject({ drift: null, done: 0 });
  expect(days.find(({ asked: n }) => n > 0)).toMatchObject({
    asked: 4,
    approved: 3,
    refused: 1,
    undone: 1,
    drift: 0.4,
  });
});

test("H17 a decision that the owner decides otherwise counts as drift", async () => {
  await using home = await makeHost({ declared });
  await home.own("trust.set", { principal: clerk, level: "supervised_auto" });
  await home.own("grant.give", { principal: clerk, skill: "decision.make" });
  for (const option of ["call", "write"]) {
    const options = [
      { name: "call", score: 0.9, skill: "decision.make", args: { situation: "How?", options: [{ name: "call" }] } },
      { name: "write", score: 0.8 },
    ];
    const made = await home.act(clerk, "decision.make", { situation: `How? ${option}`, options, threshold: 0.99 });
    expect(made).toMatchObject({ status: "done", value: { outcome: "escalate" } });
    await home.own("decision.answer", { id: made.id, option });
  }
  const { days, drift } = await home.own("trust.history", { principal: clerk, days: 1 });
  expect([days[0]?.agreed, days[0]?.differed, drift]).toEqual([1, 1, 0.5]);
});

test("H9 the level is shown for each day, and who was never set stands where everybody starts", async () => {
  await using home = await makeHost();
  await home.own("trust.set", { principal: clerk, level: "supervised_auto" });
  home.clock.forward(2 * dayMs);
  await home.own("trust.set", { principal: clerk, level: "observe" });
  const told = await home.own("trust.history", { principal: clerk, days: 4 });
  expect(told.days.map(({ level }) => level)).toEqual(["suggest", "supervised_auto", "supervised_auto", "observe"]);
  expect(told.changes.map(({ level }) => level)).toEqual(["supervised_auto", "observe"]);
  expect((await home.own("trust.history", { principal: "mcp:x", days: 1 })).days[0]?.level).toBe("observe");
});
