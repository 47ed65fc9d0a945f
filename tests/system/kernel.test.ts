import * as fs from "node:fs";
import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { raiseStop } from "@mh/host/home/raise-stop.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const runaway = agent("runaway");
const write = { text: "x", effect: "write" };

const short = (outcome: Outcome) => ("rules" in outcome ? [outcome.status, ...outcome.rules] : [outcome.status]);
const code = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);
const grant = (home: TestHost, principal: string, skill = "outbox.append") =>
  home.own("grant.give", { principal, skill });

function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[short(outcome).join(" ")] = (counts[short(outcome).join(" ")] ?? 0) + 1;
  return counts;
}

test("K1 500 deletes under a forbid are 500 denials with the rule's id, each in the log", async () => {
  await using home = await makeHost();
  home.rule("hard.cedar", `@id("no-deleting") forbid (principal, action == mh::Action::"destroy", resource);`);
  await grant(home, runaway, "memory.forget");
  const { id } = await home.own<{ id: string }>("memory.capture", { text: "Precious" });
  const outcomes = await Promise.all(Array.from({ length: 500 }, () => home.act(runaway, "memory.forget", { id })));
  expect(tally(outcomes)).toEqual({ "denied hard.cedar#no-deleting": 500 });
  expect((await home.own<{ memories: unknown[] }>("memory.list")).memories).toHaveLength(1);
  const denials = [...inspect(home.root, home.environment).records()].filter(({ phase }) => phase === "deny");
  expect(denials.map((record) => record.id).sort()).toEqual(outcomes.map((outcome) => outcome.id).sort());
  expect(new Set(denials.map(({ rules }) => String(rules)))).toEqual(new Set(["hard.cedar#no-deleting"]));
});

test("K2 STOP in the middle of a batch denies the rest, survives a restart, and only the owner lifts it", async () => {
  await using home = await makeHost();
  await grant(home, runaway, "memory.capture");
  const outcomes: Outcome[] = [];
  for (let n = 0; n < 60; n += 1) {
    if (n === 25) raiseStop(home.root);
    outcomes.push(await home.act(runaway, "memory.capture", { text: `note ${n}` }));
  }
  expect(tally(outcomes)).toEqual({ done: 25, "denied invariant.stop": 35 });
  await home.reopen();
  expect(short(await home.act(runaway, "memory.list"))).toContain("invariant.stop");
  expect(short(await home.act(runaway, "kernel.resume"))).toContain("denied");
  expect(short(await home.act(owner, "outbox.append", { text: "x", effect: "send" }))).toEqual([
    "denied",
    "invariant.stop",
  ]);
  await home.own("memory.capture", { text: "The owner still writes" });
  expect((await home.own<{ memories: unknown[] }>("memory.list")).memories).toHaveLength(26);
  await home.own("kernel.resume", {});
  expect((await home.act(runaway, "memory.capture", { text: "on we go" })).status).toBe("done");
  await home.reopen();
  expect((await home.act(runaway, "memory.capture", { text: "and on" })).status).toBe("done");
  const stops = [...inspect(home.root, home.environment).records()].filter(
    ({ phase }) => phase === "stop" || phase === "resume",
  );
  expect(stops.map(({ phase, principal }) => [phase, principal])).toEqual([
    ["stop", "file"],
    ["resume", owner],
  ]);
});

test("K2 STOP raised by the tenth of forty commands under way keeps the other thirty from beginning", async () => {
  const ran: number[] = [];
  const input = z.strictObject({ n: z.number() });
  const step = defineOutside(
    defineContract({
      name: "batch.step",
      kind: "outside",
      title: "One step of a batch",
      input: () => input,
      output: () => z.null(),
      effects: ["notify"],
      event: "batch.stepped",
      examples: [{ title: "As it is", args: { n: 1 } }],
    }),
    {
      stored: "kept",
      classify: () => ({ effect: "notify", risk: "low", scope: {} }),
      async run({ n }) {
        ran.push(n);
        if (n === 9) raiseStop(home.root);
        await fs.promises.stat(home.root);
        return null;
      },
    },
  );
  await using home = await makeHost({ skills: [step] });
  await grant(home, runaway, "batch.step");
  const outcomes = await Promise.all(Array.from({ length: 40 }, (_, n) => home.act(runaway, "batch.step", { n })));
  expect(ran).toEqual(Array.from({ length: 10 }, (_, n) => n));
  const later = outcomes.slice(10).map(({ status }) => status);
  expect(later.filter((status) => status !== "denied" && status !== "interrupted")).toEqual([]);
});

test("the same command id returns the stored outcome and acts once, also after a restart", async () => {
  await using home = await makeHost();
  const capture: Command = {
    id: "0195a000-0000-7000-8000-000000000001",
    principal: owner,
    skill: "memory.capture",
    args: { text: "Tea" },
  };
  const first = await home.host.act(capture);
  const again = await home.host.act(capture);
  await home.reopen();
  const later = await home.host.act(capture);
  expect([again, later]).toEqual([first, first]);
  const outside: Command = {
    id: "0195a000-0000-7000-8000-000000000002",
    principal: owner,
    skill: "outbox.append",
    args: write,
  };
  const ends = [...(await Promise.all([home.host.act(outside), home.host.act(outside)])), await home.host.act(outside)];
  expect(ends.map(({ status }) => status)).toEqual(["done", "done", "done"]);
  expect(home.outbox()).toEqual(["x"]);
});

test("K15 a command id used for other arguments, another skill or by somebody else is refused", async () => {
  await using home = await makeHost();
  await grant(home, runaway, "memory.capture");
  const { id } = await home.act(owner, "memory.capture", { text: "Tea" });
  const others = [
    await home.act(owner, "memory.capture", { text: "Coffee" }, { id }),
    await home.act(owner, "outbox.append", write, { id }),
    await home.act(runaway, "memory.capture", { text: "Tea" }, { id }),
  ];
  expect(others.map(code)).toEqual(Array(3).fill("command.id-reused"));
  expect(home.outbox()).toEqual([]);
});

test("K15 commands that cause each other more than eight times over are refused", async () => {
  await using home = await makeHost();
  const ends: string[] = [];
  let cause: string | undefined;
  for (let n = 0; n < 10; n += 1) {
    const outcome = await home.act(owner, "memory.capture", { text: `note ${n}` }, { cause });
    ends.push(code(outcome));
    cause = outcome.id;
  }
  expect(ends).toEqual([...Array(9).fill("done"), "cause.too-deep"]);
});

test("K15 a cause that is not in the log is refused", async () => {
  await using home = await makeHost();
  const cause = "0195a000-0000-7000-8000-00000000dead";
  expect(code(await home.act(owner, "memory.capture", { text: "x" }, { cause }))).toBe("command.not-found");
});

test("K15 rights along a chain intersect: nobody lends an agent's rights by causing it", async () => {
  await using home = await makeHost();
  const [helper, web] = [agent("helper"), "client:web"];
  await grant(home, helper, "memory.capture");
  await grant(home, web, "memory.list");
  const byWeb = await home.act(web, "memory.list");
  const write = { text: "from the web" };
  expect(byWeb.status).toBe("done");
  expect(short(await home.act(helper, "memory.capture", write, { cause: byWeb.id }))).toEqual([
    "denied",
    "invariant.declared",
  ]);
  await home.own("grant.give", { principal: web, skill: "memory.capture" });
  expect(short(await home.act(helper, "memory.capture", write, { cause: byWeb.id }))).toEqual(["denied"]);
  await home.own("trust.set", { principal: web, level: "suggest" });
  expect(short(await home.act(helper, "memory.capture", write, { cause: byWeb.id }))).toEqual(["done"]);
});

test("K15 an agent caused by the owner has no more rights than it has alone", async () => {
  await using home = await makeHost();
  const cause = (await home.act(owner, "memory.capture", { text: "go" })).id;
  expect(short(await home.act(agent("helper"), "outbox.append", write, { cause }))).toEqual([
    "denied",
    "invariant.declared",
  ]);
  expect(home.outbox()).toEqual([]);
});

test("a read of the owner can be the cause of what an agent does", async () => {
  await using home = await makeHost();
  await grant(home, agent("helper"), "memory.capture");
  const { id } = await home.act(owner, "memory.list");
  await home.own("memory.capture", { text: "the read is in the log by now" });
  expect(code(await home.act(agent("helper"), "memory.capture", { text: "x" }, { cause: id }))).toBe("done");
});

test("K15 a read under the id of somebody else's approval request is refused, and the request waits on", async () => {
  await using home = await makeHost({ declared: new Map([[runaway, ["outbox.append"]]]) });
  const reader = agent("reader");
  await grant(home, reader, "memory.list");
  const { id } = await home.act(runaway, "outbox.append", write);
  expect(code(await home.act(reader, "memory.list", {}, { id }))).toBe("command.id-reused");
  const { approvals } = await home.own("approval.list", {});
  expect(approvals).toMatchObject([{ id, principal: runaway, status: "open" }]);
});

test("K15 a command id under way is refused to somebody else, and to other arguments", async () => {
  await using home = await makeHost();
  const id = "0195a000-0000-7000-8000-000000000003";
  const all = await Promise.all([
    home.act(owner, "memory.capture", { text: "a secret of the owner" }, { id }),
    home.act(owner, "memory.capture", { text: "another one" }, { id }),
    // A principal that may do nothing hears what they would hear under any id.
    home.act(runaway, "outbox.append", write, { id }),
  ]);
  expect(all.map(code)).toEqual(["done", "command.id-reused", "denied"]);
  expect(home.outbox()).toEqual([]);
});

test("an outside skill that ends at once comes to its outcome", async () => {
  const input = z.strictObject({});
  const quick = defineOutside(
    defineContract({
      name: "quick.end",
      kind: "outside",
      title: "End at once",
      input: () => input,
      output: () => z.null(),
      effects: ["notify"],
      retry: "safe",
      event: "quick.ended",
      examples: [{ title: "As it is", args: {} }],
    }),
    {
      stored: "kept",
      classify: () => ({ effect: "notify", risk: "low", scope: {} }),
      run: async () => null,
    },
  );
  await using home = await makeHost({ skills: [quick] });
  let end: Outcome | undefined;
  void home.act(owner, "quick.end").then((outcome) => {
    end = outcome;
  });
  const start = performance.now();
  while (!end && performance.now() - start < 10_000) await fs.promises.stat(home.root);
  expect(end?.status).toBe("done");
});

test("K2 nothing begins outside while the home is being closed, and what ran is in the log as interrupted", async () => {
  const begun: string[] = [];
  const started = Promise.withResolvers<void>();
  const input = z.strictObject({ name: z.string() });
  const endless = defineOutside(
    defineContract({
      name: "endless.wait",
      kind: "outside",
      title: "Wait",
      input: () => input,
      output: () => z.null(),
      effects: ["notify"],
      event: "endless.waited",
      examples: [{ title: "As it is", args: { name: "a" } }],
    }),
    {
      stored: "kept",
      classify: () => ({ effect: "notify", risk: "low", scope: {} }),
      run: ({ name }) => {
        begun.push(name);
        started.resolve();
        return new Promise(() => undefined);
      },
    },
  );
  await using home = await makeHost({ skills: [endless] });
  const first = home.act(owner, "endless.wait", { name: "first" });
  await started.promise;
  const ending = home.host.endOutside("The home was closed");
  const late = [home.act(owner, "endless.wait", { name: "late" }), home.act(owner, "endless.wait", { name: "later" })];
  await ending;
  const ends = await Promise.all([first, ...late]);
  expect(ends.map(({ status }) => status)).toEqual(["interrupted", "interrupted", "interrupted"]);
  expect(begun).toEqual(["first"]);
});

test("arguments that cannot be written down are refused, in the log as well, and harm nobody", async () => {
  await using home = await makeHost();
  let deep: Record<string, unknown> = {};
  for (let n = 0; n < 100_000; n += 1) deep = { deep };
  for (const args of [deep, { text: "half \ud800" }]) {
    const outcome = await home.host.act({ principal: owner, skill: "outbox.append", args });
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  }
  expect((await home.act(owner, "outbox.append", { text: "fine" })).status).toBe("done");
  expect(home.outbox()).toEqual(["fine"]);
});
