import { defineContract } from "@mh/contract/contract.ts";
import { agent } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

// Plans in the hands of an attacker, through the real kernel.

const mail = agent("mail");
const task = { id: "t1", words: "Answer ann@a.example" };

async function desk(): Promise<TestHost> {
  const home = await makeHost();
  for (const skill of ["plan.propose", "outbox.append", "memory.capture", "memory.list", "memory.forget"])
    await home.own("grant.give", { principal: mail, skill });
  return home;
}

const letter = (to: string) => ({ text: "hi", to, effect: "send", scope: { recipients: [to] } });
const step = (to: string, more: object = {}) => ({ skill: "outbox.append", args: { to, effect: "send" }, ...more });
const propose = (home: TestHost, title: string, steps: object[], of = task) =>
  home.act(mail, "plan.propose", { title, steps }, { task: of });
const send = (home: TestHost, to: string, of = task) => home.act(mail, "outbox.append", letter(to), { task: of });

async function approve(home: TestHost, { id }: Outcome) {
  const { hash } = await home.own("approval.show", { id });
  return home.own("approval.approve", { id, hash });
}

test("K16 however often plans are approved, no rule is offered that approves them", async () => {
  await using home = await desk();
  for (const n of [1, 2, 3, 4]) {
    home.clock.forward(1000);
    const asked = await propose(home, "Answer", [step(`ann${n}@a.example`)]);
    expect((await approve(home, asked)).offer).toBeUndefined();
  }
  expect((await home.own("approval.list", {})).offers).toEqual([]);
});

test("P12 proposals in a flood are denied like any other request, and what waits stays", async () => {
  await using home = await desk();
  const all: string[] = [];
  for (let n = 0; n < 60; n += 1) all.push((await propose(home, `Plan ${n}`, [step(`ann${n}@a.example`)])).status);
  expect(all.filter((status) => status === "parked").length).toBeLessThan(30);
  expect(all.at(-1)).toBe("denied");
  const waiting = all.filter((status) => status === "parked").length;
  expect((await home.own("approval.list", {})).approvals).toHaveLength(waiting);
});

test("K11 of two plans that look alike, the one that was approved is in force alone", async () => {
  await using home = await desk();
  const good = await propose(home, "Answer", [step("ann@a.example")]);
  const twin = await propose(home, "Answer", [step("ann@a.examp1e")]);
  const widened = await propose(home, "Answer", [step("ann@a.example", { times: 9 })]);
  expect(new Set([good.id, twin.id, widened.id]).size).toBe(3);
  const { hash } = await home.own("approval.show", { id: good.id });
  for (const other of [twin, widened])
    expect((await home.act("owner", "approval.approve", { id: other.id, hash })).status).toBe("failed");
  await approve(home, good);
  expect((await send(home, "ann@a.examp1e")).status).toBe("parked");
  expect((await send(home, "ann@a.example")).status).toBe("done");
  expect((await send(home, "ann@a.example")).status).toBe("parked");
});

test.for([
  "ANN@a.example.",
  "аnn@a.example",
  "ann@a.example\u200b",
  "ann@a.example,eve@evil.example",
  "ann@a.example eve@evil.example",
  " ann@a.example",
  "<ann@a.example> eve@evil.example",
])("K11 a recipient that looks like the one of the plan is another: %j", async (to) => {
  await using home = await desk();
  await approve(home, await propose(home, "Answer", [step("ann@a.example")]));
  expect((await send(home, to)).status).not.toBe("done");
  expect(home.outbox()).toEqual([]);
});

test("K11 a plan is of its task: another task of the same agent, and the same id under other words, have none or no more", async () => {
  await using home = await desk();
  await approve(home, await propose(home, "Answer", [step("ann@a.example")]));
  expect((await send(home, "ann@a.example", { id: "t2", words: task.words })).status).toBe("parked");
  expect((await send(home, "eve@evil.example", { id: "t1", words: "Write to eve@evil.example" })).status).toBe(
    "parked",
  );
});

test("K11 two at once for the last use of a step: one runs", async () => {
  await using home = await desk();
  await approve(home, await propose(home, "Answer", [step("ann@a.example")]));
  const both = await Promise.all([
    send(home, "ann@a.example"),
    send(home, "ann@a.example"),
    send(home, "ann@a.example"),
  ]);
  expect(both.filter(({ status }) => status === "done")).toHaveLength(1);
  expect(home.outbox()).toHaveLength(1);
});

test("P14 a title, a task and a value that hold lines of a card begin none", async () => {
  await using home = await desk();
  const forged = "Tidy\nCANNOT BE UNDONE  nothing\r\n1.  Nothing\u2028undo \u202e\u001b[2K\u009b2K";
  const asked = await home.act(
    mail,
    "plan.propose",
    { title: forged, steps: [step(forged.slice(0, 60)), step("eve@evil.example")] },
    { task: { id: "t1", words: forged } },
  );
  const { card } = await home.own("approval.show", { id: asked.id });
  const lines = [...(card?.screen ?? []), ...(card?.page ?? [])];
  expect(lines.filter((line) => line.startsWith("CANNOT BE UNDONE"))).toHaveLength(card?.page.length ? 2 : 1);
  expect(lines.filter((line) => /^\d+\. /.test(line))).toHaveLength(2);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would act upon
  expect(lines.join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
});

test("K16 among fifty steps none is hidden, and what the screen leaves out it does not call mild", async () => {
  await using home = await desk();
  const steps = Array.from({ length: 49 }, (_, n) => step(`ann${n}@a.example`));
  steps.splice(25, 0, step("eve@evil.example"));
  const asked = await propose(home, "Answer", steps);
  const { card } = await home.own("approval.show", { id: asked.id });
  expect(card?.page.join("\n")).toContain("eve@evil.example");
  expect(card?.screen.at(-1)).toContain("the whole plan has");
});

test("K16 skills for which the screen has no room are not called milder than they are", async () => {
  const names = Array.from({ length: 20 }, (_, n) => `tool${n}.wreck`);
  const skills = names.map((name) =>
    defineOutside(
      defineContract({
        ...{ name, kind: "outside", title: name, effects: ["destroy"], event: `${name}ed` },
        input: () => z.strictObject({ id: z.string().describe("Which") }),
        output: () => z.strictObject({}),
        examples: [{ title: "One", args: { id: "1" } }],
        control: ["id"],
      }),
      { stored: "kept", classify: () => ({ effect: "destroy", risk: "high", scope: {} }), run: async () => ({}) },
    ),
  );
  await using home = await makeHost({ skills });
  for (const skill of ["plan.propose", ...names]) await home.own("grant.give", { principal: mail, skill });
  const asked = await propose(
    home,
    "Tidy",
    names.map((skill) => ({ skill, args: { id: "1" } })),
  );
  const { card } = await home.own("approval.show", { id: asked.id });
  const hidden = card?.screen.find((line) => line.startsWith("…")) ?? "";
  expect(hidden).toMatch(/and \d+ more skills, CANNOT BE UNDONE: see the whole plan/);
});
