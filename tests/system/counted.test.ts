import { defineContract } from "@mh/contract/contract.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { defineOutside, defineOwn, defineQuery } from "@mh/core/kernel/skill.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const counter = agent("counter");
const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "look for a, b, c, d and e" };

const input = () =>
  z.strictObject({
    end: z.enum(["done", "fails", "waits"]).describe("How it ends"),
    n: z.number().default(0).describe("Any"),
  });
const output = () => z.null();
const parts = { title: "Count", input, output, examples: [{ title: "Once", args: { end: "done" } }] } as const;

/** One skill of each kind. What waits, waits until it is cancelled. */
function skills() {
  const begun = Promise.withResolvers<void>();
  const endAs = (end: string) => {
    if (end === "fails") throw new Error("it fails");
    return null;
  };
  const slowly = async (end: string) => {
    begun.resolve();
    if (end === "waits") await new Promise(() => undefined);
    return endAs(end);
  };
  const query = (name: "count.look" | "count.search", run: (end: string) => null | Promise<null>) =>
    defineQuery(defineContract({ ...parts, name, kind: "query" }), { run: ({ end }) => run(end) });
  const own = defineContract({
    ...parts,
    name: "count.change",
    kind: "own",
    effects: ["write"],
    event: "count.changed",
  });
  const outside = defineContract({
    ...parts,
    name: "count.send",
    kind: "outside",
    effects: ["notify"],
    event: "count.sent",
  });
  return {
    begun: begun.promise,
    skills: [
      query("count.look", endAs),
      query("count.search", slowly),
      defineOwn(own, { stored: "kept", apply: ({ end }) => endAs(end) }),
      defineOutside(outside, { stored: "kept", run: ({ end }) => slowly(end) }),
    ],
  };
}

async function counting() {
  const { begun, skills: made } = skills();
  const names = made.map(({ contract }) => contract.name);
  const home = await makeHost({ skills: made, declared: new Map([[counter, names]]) });
  const title = "Count";
  const steps = names.map((skill) => ({ skill, times: 50 }));
  await home.own("grant.plan", { principal: counter, task: task.id, title, steps });
  return { home, begun };
}

/** What was counted so far: by the rate, and by the plan's step. */
async function counted(home: TestHost, skill: string): Promise<{ rate: number; plan: number }> {
  const { requests } = home.host.check({ principal: counter, skill, args: { end: "done" }, task });
  const { plans } = await home.own("grant.list", {});
  const plan = plans[0]?.steps.find((step) => step.skill === skill)?.used ?? Number.NaN;
  return { rate: 500 - (requests[0]?.rateLeft ?? Number.NaN), plan };
}

const kinds = ["count.look", "count.search", "count.change", "count.send"] as const;
type Kind = (typeof kinds)[number];

const act = (home: TestHost, skill: Kind, args: object, id = home.host.newId()) =>
  home.act(counter, skill, args, { task, id });

/** How often a command counts that ends in a way: what was let through counts once, whatever became of it. */
const ends: Record<
  string,
  { times: (kind: Kind) => number; go(home: TestHost, kind: Kind, begun: Promise<void>): Promise<unknown> }
> = {
  done: { times: () => 1, go: (home, kind) => act(home, kind, { end: "done" }) },
  failed: { times: () => 1, go: (home, kind) => act(home, kind, { end: "fails" }) },
  "three at once": {
    times: () => 3,
    go: (home, kind) => Promise.all([1, 2, 3].map((n) => act(home, kind, { end: "done", n }))),
  },
  "with arguments that are none": { times: () => 0, go: (home, kind) => act(home, kind, { end: "else" }) },
  "denied by a rule": {
    times: () => 0,
    async go(home, kind) {
      home.rule("no.cedar", `forbid (principal == mh::Principal::"${counter}", action, resource);`);
      await act(home, kind, { end: "done" });
      home.rule("no.cedar", "");
      await home.own("policy.adopt", {});
    },
  },
  // What was done answers from the log; a read is done again, and counts again.
  "the same id again": {
    times: (kind) => (kind === "count.look" || kind === "count.search" ? 2 : 1),
    async go(home, kind) {
      const id = home.host.newId();
      await act(home, kind, { end: "done" }, id);
      await act(home, kind, { end: "done" }, id);
    },
  },
  "joined while it was under way": {
    times: () => 1,
    async go(home, kind) {
      const id = home.host.newId();
      await Promise.all([1, 2, 3].map(() => act(home, kind, { end: "done" }, id)));
    },
  },
  "refused by the owner": {
    times: () => 0,
    async go(home, kind) {
      home.rule(
        "ask.cedar",
        `forbid (principal, action, resource == mh::Skill::"${kind}") unless { context.approved };`,
      );
      const { id } = await home.act(counter, kind, { end: "done" });
      await home.own("approval.deny", { id });
      home.rule("ask.cedar", "");
      await home.own("policy.adopt", {});
    },
  },
  "cancelled before it began": {
    times: () => 0,
    async go(home, kind) {
      const run = home.host.begin({ principal: counter, skill: kind, args: { end: "done" }, task });
      run.cancel("You pressed Ctrl-C");
      await run.outcome;
    },
  },
  "cancelled while it ran": {
    times: (kind) => (kind === "count.search" || kind === "count.send" ? 1 : 0),
    async go(home, kind, begun) {
      if (kind === "count.look" || kind === "count.change") return;
      const run = home.host.begin({ principal: counter, skill: kind, args: { end: "waits" }, task });
      await begun;
      run.cancel("You pressed Ctrl-C");
      expect((await run.outcome).status).toBe("interrupted");
    },
  },
  // The owner's approval is for one more, and the plan's step covers the command: both count it.
  "continued by an approval": {
    times: () => 1,
    async go(home, kind) {
      home.rule(
        "ask.cedar",
        `forbid (principal, action, resource == mh::Skill::"${kind}") unless { context.approved };`,
      );
      const asked = await home.act(counter, kind, { end: "done" });
      home.rule("ask.cedar", "");
      await home.own("policy.adopt", {});
      const { hash } = await home.own("approval.show", { id: asked.id });
      expect((await home.approve(asked.id, hash)).status).toBe("done");
    },
  },
};

test.for(Object.keys(ends).flatMap((end) => kinds.map((kind): [Kind, string] => [kind, end])))(
  "S12 a plan and a rate count a command of every kind, however it ends: %s, %s",
  async ([kind, end]) => {
    const { home, begun } = await counting();
    await using _closing = home;
    const { go, times } = ends[end] as (typeof ends)[string];
    await go(home, kind, begun);
    // What is asked for without its task is no step of the plan.
    const isOutsidePlan = end === "continued by an approval";
    const expected = { rate: times(kind), plan: isOutsidePlan ? 0 : times(kind) };
    expect(await counted(home, kind)).toEqual(expected);
    await home.reopen();
    expect(await counted(home, kind)).toEqual(expected);
  },
);

test("S12 a step of a plan is a read so many times, and then it asks; the owner's reads count nowhere", async () => {
  const reader = agent("reader");
  await using home = await makeHost({ declared: new Map([[reader, ["memory.search"]]]) });
  const steps = [{ skill: "memory.search", times: 1 }];
  await home.own("grant.plan", { principal: reader, task: task.id, title: "Look once", steps });
  const search = (query: string) => home.act(reader, "memory.search", { q: query }, { task });
  const all = await Promise.all(["a", "b", "c", "d", "e"].map(search));
  expect(all.map(({ status }) => status).filter((status) => status === "done")).toHaveLength(1);
  for (let n = 0; n < 5; n += 1) await home.own("memory.search", { q: "a" });
  const { requests } = home.host.check({ principal: reader, skill: "memory.search", args: { q: "a" } });
  expect(requests[0]?.rateLeft).toBe(499);
});

test("S12 the hourly rate bounds reads of an agent and of a program over HTTP alike", async () => {
  const client = "client:board";
  await using home = await makeHost();
  for (const principal of [agent("reader"), client]) await home.own("grant.give", { principal, skill: "memory.list" });
  await home.own("config.set", { name: "rate.commandsPerHourEach", value: 3 });
  for (const principal of [agent("reader"), client]) {
    const ends = await Promise.all(Array.from({ length: 5 }, () => home.act(principal, "memory.list")));
    expect(ends.map(({ status }) => status)).toEqual(["done", "done", "done", "denied", "denied"]);
  }
});
