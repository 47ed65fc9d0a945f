import type { RunTraceStep } from "@mh/contract/run-look.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { markCritical } from "@mh/core/runs/critical-path.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const secretary = `import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "canary-secretary", title: "Sends", triggers: [], may: ["memory.search", "memory.capture", "outbox.append", "task.list"],
  ensures: ["memory.capture"],
  async run(agent) {
    const { hits } = await agent.need("memory.search", { q: "canary" });
    agent.log("canary log " + hits[0]?.record.content);
    await agent.need("memory.capture", { text: "canary written " + hits[0]?.record.content });
    await agent.act("outbox.append", {
      text: "canary argument", effect: "send", risk: "low",
      scope: { paths: ["/canary/path"], hosts: ["canary.example"], recipients: ["canary@canary.example"] },
    });
    await agent.act("task.list", {});
  },
});
`;

const run = {
  ...{ agent: "canary-secretary", trigger: "owner", kind: "owner", slot: "canary-slot", attempt: 1 },
  at: "2026-03-02T09:00:00Z",
};

async function ran(isShippedAgent: boolean): Promise<{ home: TestHost; id: string }> {
  const agents = { "canary-secretary": secretary };
  const home = await makeHost({ agents, isShippedAgent: () => isShippedAgent });
  await home.own("memory.capture", { text: "The canary in memory is called Zephyrine" });
  await home.own("task.add", { title: "canary task" });
  await home.own("agent.allow", { name: "canary-secretary" });
  const outcome = await home.act(agent("canary-secretary"), "agent.run", run);
  expect(outcome).toMatchObject({ status: "done" });
  return { home, id: outcome.id };
}

test("K3 a run is shown with all that it caused, in order, with what waits and what it touched", async () => {
  const { home, id } = await ran(true);
  await using _home = home;
  const { run: shown } = await home.own("run.show", { run: id.slice(-8) });
  expect(shown).toMatchObject({ id, agent: "canary-secretary", trigger: "owner", attempt: 1, left: 0 });
  expect(shown.steps.map(({ skill, parent, status }) => [skill, parent === id, status])).toEqual([
    ["agent.run", false, "done"],
    ["memory.search", true, "done"],
    ["memory.capture", true, "done"],
    ["outbox.append", true, "waiting"],
    ["task.list", true, "done"],
  ]);
  expect(shown.ensures).toEqual([{ skill: "memory.capture", held: true }]);
  expect(shown.usage?.ms).toBeGreaterThan(0);
  const sends = shown.steps[3] as RunTraceStep;
  expect(sends).toMatchObject({ verdict: "ask", askedAt: expect.any(String), answeredAt: null });
  expect(sends.touches.slice(0, 2)).toEqual([
    { kind: "path", value: "/canary/path" },
    { kind: "host", value: "canary.example" },
  ]);
  // The undo of its task is that of the run.
  const undo = await home.own("history.task", { task: shown.task ?? "" });
  expect(undo.taken.map(({ skill }) => skill)).toEqual(["memory.capture"]);
  await home.own("approval.deny", { id: sends.id });
  const later = await home.own("run.show", { run: id });
  expect(later.run.steps[3]).toMatchObject({ status: "refused", answeredAt: expect.any(String) });
  expect(await home.act(owner, "run.show", { run: "ffffffff" })).toMatchObject({ status: "failed" });
});

test("P18 a run's file holds nobody's words, names, places or identifiers, loads nothing and runs nothing", async () => {
  const { home, id } = await ran(false);
  await using _home = home;
  const { html, run: shown, hidden } = await home.own("run.export", { run: id });
  const whole = html + JSON.stringify(shown);
  const { records } = await home.own("log.search", { limit: 1000 });
  const ids = records.flatMap((each) => [each.id, each.task, each.hash, each.argsHash, each.ts, each.policyHash]);
  const forbidden = ["canary", "zephyrine", "secretary", "outbox", "ada", ...ids];
  for (const each of forbidden) {
    if (each === undefined) continue;
    const word = new RegExp(`\\b${each.replaceAll(".", "\\.")}\\b`, "i");
    expect([
      each,
      word.exec(whole)?.[0] ?? (each.length > 5 && whole.toLowerCase().includes(each) ? each : ""),
    ]).toEqual([each, ""]);
  }
  expect(html).not.toMatch(/<script|\bhref=|\bsrc=|url\(|@import|https?:|\bon\w+=/i);
  expect(html).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/,
  );
  // What it keeps: who by kind, verbs that came with mh, verdicts, relative time, counts.
  expect(shown.steps.map(({ skill, status }) => [skill, status])).toEqual([
    ["agent.run", "done"],
    ["memory.search", "done"],
    ["memory.capture", "done"],
    ["skill A", "waiting"],
    ["task.list", "done"],
  ]);
  expect(shown.steps[3]?.touches.map(({ value }) => value)).toEqual(["path A", "host A", "address A"]);
  expect(shown.begunAt).toMatch(/^1970-01-01T00:00:00/);
  expect(shown.agent).toBe("agent A");
  expect(hidden).toContainEqual({ kind: "path", count: 1 });
});

test("the critical path goes from the end backwards, and leaves out what ran beside it", () => {
  const step = (id: string, parent: string | null, from: number | null, to: number) =>
    ({
      ...{ id, parent, seq: 0 },
      begunAt: from === null ? null : new Date(from).toISOString(),
      endedAt: new Date(to).toISOString(),
    }) as RunTraceStep;
  const steps = [
    step("run", null, 0, 100),
    step("first", "run", 0, 40),
    step("beside", "run", 45, 70),
    step("last", "run", 50, 90),
    step("inner", "last", 55, 80),
    step("read", "run", null, 95),
  ];
  const marked = markCritical(steps, undefined).filter(({ isCritical }) => isCritical);
  expect(marked.map(({ id }) => id)).toEqual(["run", "first", "last", "inner"]);
});
