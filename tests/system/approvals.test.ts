import * as fs from "node:fs";
import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { defineAdmin, defineOutside, defineOwn, defineQuery } from "@mh/core/kernel/skill.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { forget } from "../support/forget.ts";

const mail = agent("mail");
const payload = { text: "hi\u202e\u001b[2J", effect: "send", risk: "low", scope: {} };

/** A home in which one send of an agent waits for an answer. */
async function parkOne(): Promise<{ home: TestHost; id: string; hash: string }> {
  const home = await makeHost();
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  const { id, status } = await home.act(mail, "outbox.append", payload);
  expect(status).toBe("parked");
  return { home, id, hash: (await home.own("approval.show", { id })).hash };
}

const code = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);

test("H12 an approval survives reopening, is shown whole, runs exactly once, and a second approval is an error", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  await home.reopen();
  const shown = await home.own("approval.show", { id });
  expect(shown.hash).toBe(hash);
  expect(shown.command).toMatchObject({ id, principal: mail, args: payload });
  expect(home.outbox()).toEqual([]);
  const outcome = await home.approve(id, hash);
  expect(outcome).toEqual({ status: "done", id, value: { appended: payload.text } });
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.closed");
  await home.reopen();
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.closed");
  expect(home.outbox()).toEqual([payload.text]);
});

test("H12 an approval request shows the memory that it names by its id, and stays when the memory goes", async () => {
  await using home = await makeHost();
  const { id } = await home.own<{ id: string }>("memory.capture", { text: "Tea with Sarah" });
  await home.own("grant.give", { principal: mail, skill: "memory.forget" });
  const parked = await home.act(mail, "memory.forget", { id });
  const memories = async () => (await home.own("approval.show", { id: parked.id })).memories;
  expect(await memories()).toEqual([{ id, content: "Tea with Sarah" }]);
  await forget(home, id);
  expect(await memories()).toEqual([]);
});

test("H12 two yeses at once run it once", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  const both = await Promise.all([1, 2].map(() => home.act(owner, "approval.approve", { id, hash })));
  expect(both.map(code).sort()).toEqual(["approval.closed", "done"]);
  await home.host.wait(id);
  expect(home.outbox()).toEqual([payload.text]);
});

test("H12 an approval request nobody answered in time is denied", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  home.clock.forward(24 * 3_600_000);
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.closed");
  expect(code(await home.act(owner, "approval.deny", { id }))).toBe("approval.closed");
  const { approvals } = await home.own("approval.list", { all: true });
  expect(approvals.map((row) => [row.id, row.status])).toEqual([[id, "expired"]]);
  await home.reopen();
  const expired = [...inspect(home.root, home.environment).records()].filter(({ phase }) => phase === "expire");
  expect(expired.map(({ ref }) => ref)).toEqual([id]);
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.closed");
  expect(home.outbox()).toEqual([]);
});

test("H12 a millisecond before it lapses, an approval still counts", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  home.clock.forward(24 * 3_600_000 - 1);
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("done");
});

test("H12 a denial is final", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  await home.own("approval.deny", { id });
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.closed");
  expect(home.outbox()).toEqual([]);
});

test("H12 a payload changed on disk, or lost, is refused", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  const file = home.file(`logs/objects/${hash}`);
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("hi", "ho"));
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.changed");
  fs.rmSync(file);
  expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.changed");
  expect(home.outbox()).toEqual([]);
});

test("H12 an approval of another payload than the one that waits is refused", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  const other = await home.act(mail, "outbox.append", { text: "other", effect: "send" });
  const shown = await home.own("approval.show", { id: other.id });
  expect(code(await home.act(owner, "approval.approve", { id, hash: shown.hash }))).toBe("approval.changed");
  expect(await home.approve(id, hash)).toMatchObject({ status: "done" });
  expect(home.outbox()).toEqual([payload.text]);
});

test("H12 nobody but the owner answers", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  for (const principal of [mail, agent("friend"), "client:web", "mcp:claude"]) {
    await home.own("grant.give", { principal, skill: "approval.approve" });
    expect(code(await home.act(principal, "approval.approve", { id, hash }))).toBe("denied");
  }
  expect(home.outbox()).toEqual([]);
});

test("K3 the log tells who did what and why: principal, causes, rules, the answer", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  const root = await home.act(owner, "memory.capture", { text: "Write to Sarah" });
  const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "write to sarah" };
  const asked = await home.act(mail, "outbox.append", { ...payload, to: "sarah" }, { cause: root.id, task });
  const { hash } = await home.own("approval.show", { id: asked.id });
  await home.approve(asked.id, hash);
  await home.close();
  const told = explainCommand(home.root, home.environment, asked.id);
  // A group writes its intents first, so the approval stands behind the intent that it allowed.
  const steps = told?.records.map(({ phase, principal, ref }) => `${phase} ${principal} ${ref === asked.id}`);
  expect(steps?.sort()).toEqual([
    "approve owner true",
    "ask agent:mail true",
    "intent agent:mail false",
    "outcome agent:mail false",
  ]);
  expect(told?.records[0]).toMatchObject({
    task: "0199c1a2-0000-7000-8000-000000000001",
    cause: root.id,
    verdict: "ask",
    rules: ["table.suggest.send.ask"],
  });
  expect(told?.causes.map(({ id, principal }) => [id, principal])).toEqual([[root.id, owner]]);
  expect(told?.rules).toEqual([{ id: "table.suggest.send.ask", title: "Trust suggest: send waits for your approval" }]);
});

test("H12 the same request is made once, answered once, and runs once", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  const asked: string[] = [];
  using _hear = home.host.bus.subscribe("approval.*", ({ name, command }) => void asked.push(`${name} ${command}`));
  const again = await home.act(mail, "outbox.append", payload);
  const more = await Promise.all([1, 2].map(() => home.act(mail, "outbox.append", payload)));
  for (const outcome of [again, ...more]) expect(outcome).toMatchObject({ status: "parked", approval: id });
  expect(new Set([id, again.id, ...more.map((each) => each.id)]).size).toBe(4);
  const open = async () => (await home.own("approval.list", {})).approvals;
  expect((await open()).map((row) => row.id)).toEqual([id]);
  expect(asked).toEqual([]);
  await home.reopen();
  expect((await open()).map((row) => row.id)).toEqual([id]);
  // Asked under its own id, the second command has come to what the first one came to.
  const command = { id: again.id };
  expect(await home.act(mail, "outbox.append", payload, command)).toMatchObject({ status: "parked", approval: id });
  await home.approve(id, hash);
  expect(home.outbox()).toEqual([payload.text]);
  // And who only waits for it hears the same.
  expect(await home.host.wait(again.id)).toMatchObject({ status: "done", id: again.id });
  expect(await home.act(mail, "outbox.append", payload, command)).toMatchObject({ status: "done", id: again.id });
  expect(home.outbox()).toEqual([payload.text]);
  expect(await open()).toEqual([]);
});

test("H12 another's request, another argument, and a request that is over are asked anew", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  const other = agent("other");
  await home.own("grant.give", { principal: other, skill: "outbox.append" });
  const approvalOf = (outcome: Outcome) => (outcome.status === "parked" ? outcome.approval : outcome.status);
  const own = async (principal: typeof mail, args: unknown) => {
    const outcome = await home.act(principal, "outbox.append", args);
    expect(approvalOf(outcome)).toBe(outcome.id);
    return outcome.id;
  };
  await own(other, payload);
  await own(mail, { ...payload, text: "hi" });
  await home.approve(id, hash);
  const second = await own(mail, payload);
  await home.own("approval.deny", { id: second });
  const third = await own(mail, payload);
  home.clock.forward(24 * 3_600_000 + 1);
  expect(await own(mail, payload)).not.toBe(third);
  expect(home.outbox()).toEqual([payload.text]);
});

const asking = (skill: string) =>
  `@id("asks") @title("Asks first") forbid (principal, action, resource == mh::Skill::"${skill}") unless { context.approved };`;

/** Approves what waits, as shown; gives the run that goes on. */
async function approveWaiting(home: TestHost, id: string): Promise<Outcome> {
  return home.approve(id, (await home.own("approval.show", { id })).hash);
}

test("H12 an approved query runs, and answers whoever waits for it and the agent that repeats it", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["memory.list"]]]) });
  await home.own("memory.capture", { text: "Tea with Sarah" });
  const contents = (outcome: Outcome) =>
    outcome.status === "done"
      ? (outcome.value as { memories: { content: string }[] }).memories.map(({ content }) => content)
      : outcome;
  const { id, status } = await home.act(mail, "memory.list", {});
  expect(status).toBe("parked");
  expect(contents(await approveWaiting(home, id))).toEqual(["Tea with Sarah"]);
  // The answer is the one that was approved, whatever was told since.
  await home.own("memory.capture", { text: "Cake with Tom" });
  expect(contents(await home.act(mail, "memory.list", {}, { id }))).toEqual(["Tea with Sarah"]);
  await home.reopen();
  expect(contents((await home.host.wait(id)) as Outcome)).toEqual(["Tea with Sarah"]);
  // The approval granted the skill: the next one is not asked about.
  const both = contents(await home.act(mail, "memory.list", {}));
  expect(both).toEqual(expect.arrayContaining(["Tea with Sarah", "Cake with Tom"]));
});

test("H12 the owner's own search under a rule that asks is done once it is approved", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea with Sarah" });
  home.rule("asks.cedar", asking("memory.search"));
  const search = { q: "sarah" };
  const { id, status } = await home.act(owner, "memory.search", search);
  expect(status).toBe("parked");
  const outcome = await approveWaiting(home, id);
  expect(outcome).toMatchObject({ status: "done", id, value: { hits: [{ record: { content: "Tea with Sarah" } }] } });
  expect(await home.act(owner, "memory.search", search, { id })).toEqual(outcome);
});

for (const [what, skill, args] of [
  ["read", "memory.show", { id: "0199c1a2" }],
  ["own change", "memory.edit", { id: "0199c1a2", text: "Tea" }],
] as const) {
  test(`H12 an approved ${what} that throws is its own failure: the approval is done, and over`, async () => {
    await using home = await makeHost({ declared: new Map([[mail, [skill]]]) });
    const { id } = await home.act(mail, skill, args);
    const { hash } = await home.own("approval.show", { id });
    const approval = await home.act(owner, "approval.approve", { id, hash });
    expect(approval).toMatchObject({ status: "done", value: { approval: id, run: id } });
    expect(await home.host.wait(id)).toMatchObject({ status: "failed", id, fault: { code: "memory.not-found" } });
    const { approvals } = await home.own("approval.list", { all: true });
    expect(approvals.map((row) => [row.id, row.status])).toEqual([[id, "approved"]]);
    expect(code(await home.act(owner, "approval.approve", { id, hash }))).toBe("approval.closed");
    await home.close();
    const ends = [...inspect(home.root, home.environment).records()].filter(({ phase }) => phase === "outcome");
    expect(ends.filter((record) => record.id === id).map(({ outcome }) => outcome)).toEqual([
      { status: "failed", fault: { code: "memory.not-found", message: "" } },
    ]);
  });
}

test("H12 whoever repeats what was approved while it runs waits for that run, however the arguments were written", async () => {
  const contract = defineContract({
    name: "wash.up",
    kind: "outside",
    title: "Wash up",
    input: () => z.strictObject({ what: z.string(), loads: z.int().default(1) }),
    output: () => z.strictObject({ loads: z.int() }),
    effects: ["notify"],
    event: "wash.done",
    examples: [{ title: "Cups", args: { what: "cups" } }],
  });
  let began = Promise.withResolvers<void>();
  let finish = Promise.withResolvers<void>();
  const skill = defineOutside(contract, {
    stored: "kept",
    async run({ loads }) {
      began.resolve();
      await finish.promise;
      return { loads };
    },
  });
  await using home = await makeHost({ skills: [skill] });
  home.rule("asks.cedar", asking("wash.up"));
  // A repeat comes at every moment around the yes.
  for (let turns = 0; turns < 30; turns += 1) {
    [began, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { id } = await home.act(owner, "wash.up", { what: `cups ${turns}` });
    const { hash } = await home.own("approval.show", { id });
    const approving = home.act(owner, "approval.approve", { id, hash });
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    const early = home.act(owner, "wash.up", { what: `cups ${turns}` }, { id });
    expect((await approving).status).toBe("done");
    await began.promise;
    expect(["parked", undefined]).toContain(await Promise.race([early.then(({ status }) => status), undefined]));
    const repeats = [{ what: `cups ${turns}` }, { loads: 1, what: `cups ${turns}` }].map((args) =>
      home.act(owner, "wash.up", args, { id }),
    );
    const other = home.act(owner, "wash.up", { what: "plates" }, { id });
    expect(home.host.running(id)?.id).toBe(id);
    finish.resolve();
    const done = { status: "done", id, value: { loads: 1 } };
    expect(await Promise.all(repeats)).toEqual([done, done]);
    expect(code(await other)).toBe("command.id-reused");
    expect(["parked", "done"]).toContain((await early).status);
  }
});

test("H12 no skill is handed the means to continue a command as approved, but that of approvals", async () => {
  const handed: string[] = [];
  const seen = (context: object) => {
    handed.push(...Object.keys(context).sort());
    return {};
  };
  const written = { title: "Look", input: () => z.strictObject({}), output: () => z.strictObject({}) };
  const example = { examples: [{ title: "Look", args: {} }] as const };
  const query = defineContract({ ...written, ...example, name: "look.query", kind: "query" });
  const own = defineContract({ ...written, ...example, name: "look.own", kind: "own", event: "look.own-done" });
  const admin = defineContract({ ...written, ...example, name: "look.admin", kind: "admin", event: "look.admin-done" });
  await using home = await makeHost({
    skills: [
      defineQuery(query, { run: (_args, context) => seen(context) }),
      defineOwn(own, { stored: "kept", apply: (_args, context) => seen(context) }),
      defineAdmin(admin, { stored: "kept", apply: (_args, context) => seen(context) }),
    ],
  });
  for (const skill of ["look.query", "look.own", "look.admin"]) await home.own(skill);
  const common = ["commandId", "config", "now", "origins", "principal"];
  const inOwn = [...common, "note", "tx"].sort();
  expect(handed).toEqual([...[...common, "db", "progress", "signal"].sort(), ...inOwn, ...inOwn]);
  // By the wiring, neither: one feature is given the port.
  const sources = ["core", "host", "cli"].flatMap((name) => {
    const folder = new URL(`../../packages/${name}/src/`, import.meta.url);
    return fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => new URL(file, folder));
  });
  const naming = sources.filter(
    (file) =>
      file.pathname.endsWith(".ts") &&
      /ApprovalsPort|kernel\.approvals|approvals: port|parts\.approvals/.test(fs.readFileSync(file, "utf8")),
  );
  expect(naming.map(({ pathname }) => pathname.replace(/^.*\/packages\//, "")).sort()).toEqual([
    "core/src/approvals/approvals.ts",
    "core/src/approvals/feature.ts",
    "core/src/kernel/governing-parts.ts",
    "core/src/kernel/kernel.ts",
    "host/src/home/open-home.ts",
  ]);
});

for (const retry of ["safe", "never"] as const) {
  test(`H12 a repeat at any moment around a yes runs nothing twice, and gets the end of what the yes let run (${retry})`, async () => {
    const contract = defineContract({
      ...{
        name: "letter.send",
        kind: "outside",
        title: "Send a letter",
        effects: ["send"],
        event: "letter.sent",
        retry,
      },
      input: () => z.strictObject({ text: z.string().default("hello").describe("What it says") }),
      output: () => z.strictObject({ sent: z.string().describe("What it said") }),
      examples: [{ title: "The usual", args: {} }],
    });
    let sent = 0;
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const skill = defineOutside(contract, {
      stored: "kept",
      async run({ text }) {
        sent += 1;
        await taken;
        return { sent: text };
      },
    });
    await using home = await makeHost({ skills: [skill] });
    await home.own("grant.give", { principal: mail, skill: "letter.send" });
    // Without its default: a repeat is written as the first was, and what was parked has it filled in.
    const { id } = await home.act(mail, "letter.send", {});
    const { hash } = await home.own("approval.show", { id });
    const repeat = () => home.act(mail, "letter.send", {}, { id });
    const repeats = [repeat()];
    let isOver = false;
    const approving = home.act(owner, "approval.approve", { id, hash }).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      repeats.push(repeat());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await approving).status).toBe("done");
    repeats.push(repeat(), home.host.wait(id) as Promise<Outcome>);
    take();
    const done = { status: "done", id, value: { sent: "hello" } };
    const ended = (await Promise.all(repeats)).filter(({ status }) => status !== "parked");
    expect(ended.length).toBeGreaterThan(1);
    for (const each of ended) expect(each).toEqual(done);
    expect([await repeat(), sent]).toEqual([done, 1]);
    expect(code(await home.act(mail, "letter.send", { text: "other" }, { id }))).toBe("command.id-reused");
  });
}

test("H12 a home that closes while a yes is committed ends what the yes let run, and says so in the log", async () => {
  const { home, id, hash } = await parkOne();
  await using _closing = home;
  const approving = home.act(owner, "approval.approve", { id, hash });
  await home.host.endOutside("The home was closed");
  expect(home.host.runs()).toEqual([]);
  await home.close();
  const wasApproved = (await approving).status === "done";
  await home.reopen();
  expect((await home.host.wait(id))?.status).toMatch(wasApproved ? /^(interrupted|done)$/ : /^parked$/);
});

test("the request of what only reads has nothing to undo, and says so", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["memory.search"]]]) });
  const asked = await home.act(mail, "memory.search", { q: "x" });
  const { shown } = await home.own("approval.show", { id: asked.id });
  expect(shown).toContainEqual({ label: "undo", text: "nothing to undo: it only reads" });
});
