import * as fs from "node:fs";
import type { InputOf } from "@mh/contract/contract.ts";
import { defineContract } from "@mh/contract/contract.ts";
import type { planPropose } from "@mh/contract/grants.ts";
import { agent } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { defineAdmin, defineOutside, type Skill } from "@mh/core/kernel/skill.ts";
import { indexFile } from "@mh/host/home/open-data.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const mail = agent("mail");
const task = {
  id: "0199c1a2-0000-7000-8000-000000000001",
  words: "Answer everybody who wrote about the offer, and pay what they ask",
};

interface Letter {
  from: string;
  about: string;
  asks: number;
}

/** What stands in the letter box: tests change it. */
class LetterBox {
  letters: Letter[] = [
    { from: "ann@a.example", about: "offer", asks: 20 },
    { from: "ben@b.example", about: "offer", asks: 30 },
    { from: "eve@evil.example", about: "prize", asks: 900 },
  ];

  skills({ version = "1.0.0" } = {}): Skill[] {
    const letters = z.array(z.strictObject({ from: z.string(), about: z.string(), asks: z.number() }));
    const read = defineContract({
      ...{
        name: "letters.read",
        kind: "outside",
        title: "Read letters",
        effects: ["read"],
        event: "letters.read",
        version,
      },
      input: () =>
        z.strictObject({
          about: z.string().describe("What they are about"),
          limit: z.number().default(50).describe("How many"),
        }),
      output: () => z.strictObject({ letters: letters.describe("The letters") }),
      examples: [{ title: "About the offer", args: { about: "offer" } }],
      provenance: { fields: { from: "text", asks: "text" } },
    });
    const pay = defineContract({
      ...{ name: "bank.pay", kind: "outside", title: "Pay", effects: ["spend"], event: "bank.paid" },
      input: () =>
        z.strictObject({
          to: z.string().describe("To whom"),
          amount: z.union([z.number(), z.string()]).describe("How much"),
          note: z.string().optional().describe("What for"),
        }),
      output: () => z.strictObject({ paid: z.string().describe("To whom") }),
      examples: [{ title: "Ann", args: { to: "ann@a.example", amount: 20 } }],
      control: ["to", "amount"],
      provenance: { content: ["note"], types: { amount: "amount" } },
    });
    return [
      defineOutside(read, {
        stored: "kept",
        classify: () => ({ effect: "read", risk: "low", scope: {} }),
        run: async ({ about }) => ({ letters: this.letters.filter((letter) => letter.about === about) }),
      }),
      defineOutside(pay, {
        stored: "kept",
        classify: ({ to, amount }) => ({
          effect: "spend",
          risk: "medium",
          scope: { recipients: [to] },
          amount: { minor: Math.round(Number(amount) * 100), currency: "EUR" },
        }),
        run: async ({ to, amount }) => {
          this.paid.push(`${to} ${amount}`);
          return { paid: to };
        },
      }),
    ];
  }

  readonly paid: string[] = [];
}

type Wanted = InputOf<typeof planPropose>;

const offers = { skill: "letters.read", args: { about: "offer" } };
const answer = (more: object = {}) => ({
  skill: "outbox.append",
  args: { effect: "send" },
  slots: { to: { from: "offers", field: "from", kind: "email" as const } },
  each: { source: "offers" },
  ...more,
});
const letters: Wanted = { title: "Answer the offers", sources: { offers }, steps: [answer()] };

const skillsUsed = ["letters.read", "outbox.append", "bank.pay", "plan.propose", "memory.capture", "memory.list"];

async function home(box: LetterBox, options: HostOptions = {}): Promise<TestHost> {
  const made = await makeHost({ skills: box.skills(), ...options });
  for (const skill of skillsUsed) await made.own("grant.give", { principal: mail, skill });
  return made;
}

const act = (made: TestHost, skill: string, args: object) => made.act(mail, skill, args, { task });
const short = ({ status, ...rest }: Outcome): string => ("layer" in rest ? `${status} ${rest.layer}` : status);
const read = (made: TestHost, about = "offer") => act(made, "letters.read", { about });
const send = async (made: TestHost, to: string) =>
  short(await act(made, "outbox.append", { text: `to ${to}`, to, effect: "send", scope: { recipients: [to] } }));
const pay = async (made: TestHost, to: string, amount: unknown) => short(await act(made, "bank.pay", { to, amount }));

async function approve(made: TestHost, { id }: Outcome): Promise<Outcome> {
  const { hash } = await made.own("approval.show", { id });
  return made.approve(id, hash);
}

/** Proposes a plan, and has it approved. */
async function propose(made: TestHost, plan: Wanted): Promise<Outcome> {
  const asked = await act(made, "plan.propose", plan);
  expect(short(asked)).toMatch(/^parked/);
  return approve(made, asked);
}

test("K16 one approval: what is read afterwards fills the slots, each entry once, and nothing else passes", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  expect((await propose(made, letters)).status).toBe("done");
  expect(await send(made, "ann@a.example")).toMatch(/^parked/);
  expect((await read(made)).status).toBe("done");
  expect((await read(made, "prize")).status).toBe("done");
  expect(await send(made, "ann@a.example")).toBe("done");
  expect(await send(made, "ann@a.example")).toMatch(/^parked/);
  expect(await send(made, "eve@evil.example")).toMatch(/^parked/);
  expect(await send(made, "ben@b.example")).toBe("done");
  expect(made.outbox()).toEqual(["to ann@a.example", "to ben@b.example"]);
});

test("K11 a plan whose source was read before binds what was read: other letters ask", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  await read(made);
  const asked = await act(made, "plan.propose", letters);
  const { command } = await made.own("approval.show", { id: asked.id });
  expect(command?.answers).toMatchObject([{ source: "offers", shows: expect.stringContaining("ann@a.example") }]);
  await approve(made, asked);
  box.letters.push({ from: "eve@evil.example", about: "offer", asks: 1 });
  expect(await send(made, "ann@a.example")).toBe("done");
  await read(made);
  expect(await send(made, "ben@b.example")).toMatch(/^parked/);
  expect(await send(made, "eve@evil.example")).toMatch(/^parked/);
  await made.reopen();
  await read(made);
  expect(await send(made, "ben@b.example")).toMatch(/^parked/);
  box.letters.pop();
  await made.reopen();
  await read(made);
  expect(await send(made, "ben@b.example")).toBe("done");
});

test.for<[string, (made: TestHost, box: LetterBox) => Promise<unknown>, string]>([
  [
    "two answers that differ",
    async (made, box) => {
      await read(made);
      box.letters.reverse();
      await read(made);
    },
    "changed while the task ran",
  ],
  [
    "the task did something of its own before it read",
    async (made) => {
      const written = await act(made, "memory.capture", { text: "an offer of eve@evil.example" });
      expect(written.status).toBe("done");
      await read(made);
    },
    "of its own before it read",
  ],
  [
    "the same agent did, in another task of its own",
    async (made) => {
      const elsewhere = { task: { id: "0199c1a2-0000-7000-8000-000000000002", words: "Take notes" } };
      const written = await made.act(mail, "memory.capture", { text: "an offer of eve@evil.example" }, elsewhere);
      expect(written.status).toBe("done");
      await read(made);
    },
    "of its own before it read",
  ],
  [
    "that before a restart",
    async (made) => {
      await act(made, "memory.capture", { text: "an offer of eve@evil.example" });
      await made.reopen();
      await read(made);
      await act(made, "memory.capture", { text: "and another" });
    },
    "of its own before it read",
  ],
  [
    "an answer that is longer than what is looked at",
    async (made, box) => {
      box.letters.push({ from: "x".repeat(1_000_001), about: "offer", asks: 1 });
      await read(made);
    },
    "more than is looked at",
  ],
  [
    "a restart, and no answer since",
    async (made) => {
      await read(made);
      await made.reopen();
    },
    "was not read",
  ],
])("K11 a source that cannot be relied on fills nothing: %s", async ([, happens, why]) => {
  const box = new LetterBox();
  await using made = await home(box);
  await propose(made, letters);
  await happens(made, box);
  const asked = await act(made, "outbox.append", { text: "x", to: "ann@a.example", effect: "send" });
  expect(short(asked)).toMatch(/^parked/);
  const { command } = await made.own("approval.show", { id: asked.id });
  expect(command?.change).toMatchObject({ title: "Answer the offers", n: 1, differs: expect.stringContaining(why) });
  expect(made.outbox()).toEqual([]);
});

test("K11 what was read before the task did anything of its own still fills slots afterwards", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  await propose(made, letters);
  await read(made);
  await act(made, "memory.capture", { text: "an offer of eve@evil.example" });
  expect(await send(made, "ann@a.example")).toBe("done");
  await read(made);
  expect(await send(made, "ben@b.example")).toBe("done");
});

test("K11 what the owner does, and what goes to the owner alone, spoils no source", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  await propose(made, letters);
  await made.host.act({ principal: "owner", skill: "memory.capture", args: { text: "Offers" }, task });
  expect((await act(made, "outbox.append", { text: "I begin", effect: "notify" })).status).toBe("done");
  await read(made);
  expect(await send(made, "ann@a.example")).toBe("done");
});

test("K11 another version of a skill is not what was approved: its step and its answers ask", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  await propose(made, letters);
  await made.close();
  await using other = await makeHost({
    ...{ root: made.root, environment: made.environment, clock: made.clock },
    skills: box.skills({ version: "1.0.1" }),
  });
  await read(other);
  expect(await send(other, "ann@a.example")).toMatch(/^parked/);
});

test("K16 amounts are bounded one by one and in all, and sums hold over a restart and an index made anew", async () => {
  const box = new LetterBox();
  box.letters.push({ from: "cyd@c.example", about: "offer", asks: 40 });
  await using made = await home(box);
  await made.own("config.set", { name: "spend.perDay", value: 1000 });
  await made.own("config.set", { name: "spend.perDayEach", value: 1000 });
  await made.own("config.set", { name: "spend.perWeek", value: 1000 });
  const one = { from: "offers", field: "from", kind: "email" as const };
  const amount = { from: "offers", field: "asks", kind: "amount" as const, atMost: 35, inAll: 49.5 };
  const step = { skill: "bank.pay", slots: { to: one, amount }, times: 9 };
  await propose(made, { ...letters, steps: [step] });
  await read(made);
  for (const strange of [-20, "-20", "NaN", "1e400", "20,000", "Infinity", 1e21, " ", true])
    expect((await act(made, "bank.pay", { to: "ann@a.example", amount: strange })).status).not.toBe("done");
  expect(await pay(made, "ann@a.example", 30)).toMatch(/^parked/);
  expect(await pay(made, "cyd@c.example", 40)).toMatch(/^parked/);
  expect(await pay(made, "ann@a.example", 20)).toBe("done");
  const { plans } = await made.own("grant.list", {});
  expect(plans).toMatchObject([{ steps: [{ n: 1, used: 1, times: 9, sums: { amount: 20 } }] }]);
  await made.close();
  fs.rmSync(indexFile(made.root));
  await made.reopen();
  await read(made);
  expect(await pay(made, "ben@b.example", 30)).toMatch(/^parked/);
  expect(await pay(made, "ann@a.example", "20.00")).toBe("done");
  expect(await pay(made, "ann@a.example", 20)).toMatch(/^parked/);
  expect(box.paid).toEqual(["ann@a.example 20", "ann@a.example 20.00"]);
});

test("K11 entries that a loop used stay used after a restart and in an index made anew", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  await propose(made, letters);
  await read(made);
  expect(await send(made, "ann@a.example")).toBe("done");
  await made.close();
  fs.rmSync(indexFile(made.root));
  await made.reopen();
  await read(made);
  expect(await send(made, "ann@a.example")).toMatch(/^parked/);
  expect(await send(made, "ben@b.example")).toBe("done");
});

test("K11 values that were read never choose the step: the first with something left is the one", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  const prizes = { skill: "letters.read", args: { about: "prize" } };
  const second = { skill: "outbox.append", args: { effect: "send" }, slots: { to: { from: "prizes", field: "from" } } };
  const first = { skill: "outbox.append", args: { effect: "send" }, slots: { to: { from: "offers", field: "from" } } };
  await propose(made, { ...letters, sources: { offers, prizes }, steps: [first, second] });
  await read(made);
  await read(made, "prize");
  expect(await send(made, "eve@evil.example")).toMatch(/^parked/);
  expect(await send(made, "ann@a.example")).toBe("done");
  expect(await send(made, "eve@evil.example")).toBe("done");
});

test("K11 a command outside the plan asks as a change to it, once", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  await propose(made, letters);
  await read(made);
  const note = { text: "x", to: "eve@evil.example", effect: "write" };
  const asked = await act(made, "outbox.append", note);
  const again = await act(made, "outbox.append", note);
  expect([short(asked), short(again)]).toEqual([expect.stringMatching(/^parked/), expect.stringMatching(/^parked/)]);
  expect(again).toMatchObject({ approval: asked.id });
  const { command } = await made.own("approval.show", { id: asked.id });
  expect(command?.change).toMatchObject({ title: "Answer the offers", n: 1, differs: 'effect is not "send"' });
  expect((await approve(made, asked)).status).toBe("done");
  expect(short(await act(made, "outbox.append", note))).toBe("done");
  expect(short(await act(made, "outbox.append", { ...note, text: "y", to: "zoe@z.example" }))).toBe(
    "parked provenance",
  );
  // What leaves is asked about each time: twice is something else than once.
  const sent = { text: "x", to: "zoe@z.example", effect: "send" };
  await approve(made, await act(made, "outbox.append", sent));
  expect(short(await act(made, "outbox.append", sent))).toMatch(/^parked/);
  await made.reopen();
  expect(short(await act(made, "outbox.append", note))).toBe("done");
});

test("P11 rights along a chain intersect: a plan of one is none of the other who caused it", async () => {
  const box = new LetterBox();
  const other = agent("other");
  await using made = await home(box);
  for (const skill of ["letters.read", "outbox.append"]) await made.own("grant.give", { principal: other, skill });
  await propose(made, letters);
  const cause = (await made.act(other, "letters.read", { about: "prize" }, { task })).id;
  await read(made);
  const to = "ann@a.example";
  const args = { text: "x", to, effect: "send", scope: { recipients: [to] } };
  expect(short(await made.act(mail, "outbox.append", args, { task, cause }))).toMatch(/^parked/);
  expect(short(await made.act(other, "outbox.append", args, { task }))).toMatch(/^parked/);
  expect(short(await made.act(mail, "outbox.append", args, { task }))).toBe("done");
});

test("K11 a plan with slots lifts no denial: STOP, a rule, the rate and the allowance stand", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  const to = { from: "offers", field: "from" };
  const step = {
    skill: "bank.pay",
    slots: { to, amount: { from: "offers", field: "asks", kind: "amount" as const } },
    times: 9,
  };
  await propose(made, { ...letters, steps: [step, answer({ times: 9, each: undefined })] });
  await read(made);
  await made.own("config.set", { name: "spend.perDay", value: 25 });
  expect(await pay(made, "ben@b.example", 30)).toMatch(/^denied/);
  expect(await send(made, "ann@a.example")).toBe("done");
  made.rule("hard.cedar", `@id("no") forbid (principal, action == mh::Action::"send", resource);`);
  expect(await send(made, "ben@b.example")).toBe("denied boundary");
  await made.own("config.set", { name: "rate.commandsPerHour", value: 1 });
  expect(await pay(made, "ann@a.example", 20)).toBe("denied rate");
  await made.own("kernel.stop", {});
  expect(await send(made, "ann@a.example")).toMatch(/^denied/);
});

test("K11 what a fixed argument points to is held: a memory that was changed since asks", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  await made.own("grant.give", { principal: mail, skill: "memory.forget" });
  const { id } = await made.own<{ id: string }>("memory.capture", { text: "The offer of Ann" });
  const { id: second } = await made.own<{ id: string }>("memory.capture", { text: "The offer of Ben" });
  const steps = [id, second].map((each) => ({ skill: "memory.forget", args: { id: each } }));
  await propose(made, { title: "Forget the offers", steps });
  await made.own("memory.edit", { id, text: "The will of Ann" });
  expect(short(await act(made, "memory.forget", { id }))).toMatch(/^parked/);
  expect(short(await act(made, "memory.forget", { id: second }))).toBe("done");
});

test.for<[string, object, string]>([
  ["a source that is not there", { steps: [answer({ slots: { to: { from: "offres", field: "from" } } })] }, "offres"],
  [
    "sources that wait for each other",
    {
      sources: {
        offers: { skill: "letters.read", slots: { about: { from: "more", field: "about" } } },
        more: { skill: "letters.read", slots: { about: { from: "offers", field: "about" } } },
      },
    },
    "waits for its own answer",
  ],
  ["a source that writes", { sources: { offers: { skill: "memory.capture", args: { text: "x" } } } }, "more than read"],
  ["a source about rights", { sources: { offers: { skill: "grant.list" } } }, "cannot be a source"],
  ["a name that looks like another", { sources: { оffers: offers, offers } }, "letters, digits"],
  [
    "a name that objects have",
    { sources: JSON.parse('{"__proto__":{"skill":"grant.list"},"offers":{"skill":"memory.capture"}}') },
    "more than read",
  ],
  [
    "an argument that the skill does not take",
    { steps: [answer({ slots: { cc: { from: "offers", field: "from" } } })] },
    "takes no cc",
  ],
  [
    "a path with brackets that is none",
    { steps: [answer({ slots: { "to[x]": { from: "offers", field: "from" } } })] },
    "an argument is written",
  ],
  ["a fixed argument that is a slot, too", { steps: [answer({ args: { to: "x" } })] }, "is fixed, and a slot as well"],
  ["51 steps", { steps: Array.from({ length: 51 }, () => answer()) }, "steps"],
  [
    "a bound without end",
    { steps: [{ ...answer(), slots: { to: JSON.parse('{"kind":"amount","atMost":1e400}') } }] },
    "atMost",
  ],
  ["a bound below nothing", { steps: [{ ...answer(), slots: { to: { kind: "amount", atMost: -1 } } }] }, "atMost"],
  ["a slot that anything may fill", { steps: [answer({ slots: { to: { kind: "email" } } })] }, "says what fills it"],
  ["what is the owner's alone", { steps: [{ skill: "grant.give" }] }, "yours alone"],
  ["another plan", { steps: [{ skill: "plan.propose" }] }, "yours alone"],
])("K11 nobody is asked about a plan that could not be kept: %s", async ([, plan, why]) => {
  await using made = await home(new LetterBox());
  const outcome = await act(made, "plan.propose", { ...letters, ...plan });
  expect(outcome).toMatchObject({
    status: "failed",
    fault: { code: "args.invalid", message: expect.stringContaining(why) },
  });
});

test("K11 fifty steps, and loops over nothing and over much, are compared as one is", async () => {
  const box = new LetterBox();
  await using made = await home(box);
  const steps = Array.from({ length: 50 }, (_, n) => answer({ args: { effect: "send", text: `${n}` }, times: 1 }));
  await propose(made, { ...letters, steps });
  await read(made);
  const sent = (text: string, to: string) =>
    act(made, "outbox.append", { text, to, effect: "send", scope: { recipients: [to] } });
  expect(short(await sent("49", "ben@b.example"))).toBe("done");
  expect(short(await sent("49", "ann@a.example"))).toMatch(/^parked/);
  expect(short(await sent("50", "ann@a.example"))).toMatch(/^parked/);
  box.letters = [];
  await made.act(
    mail,
    "letters.read",
    { about: "offer" },
    { task: { ...task, id: "0199c1a2-0000-7000-8000-000000000002" } },
  );
  const other = { task: { ...task, id: "0199c1a2-0000-7000-8000-000000000002" } };
  const asked = await made.act(mail, "plan.propose", letters, other);
  await approve(made, asked);
  const empty = await made.act(mail, "outbox.append", { text: "x", to: "ann@a.example", effect: "send" }, other);
  expect(short(empty)).toMatch(/^parked/);
});

test("K11 a plan from before there were slots still holds", async () => {
  const note = defineAdmin(
    defineContract({
      ...{ name: "old.plan", kind: "admin", title: "Writes a record as it was written before", event: "old.planned" },
      input: () => z.strictObject({}),
      output: () => z.strictObject({}),
      examples: [{ title: "As it was", args: {} }],
    }),
    {
      stored: "kept",
      apply(_args, { tx, commandId, principal }) {
        const steps = [{ skill: "outbox.append", scope: { recipients: ["ann@a.example"] }, args: {}, times: 2 }];
        const plan = { principal: mail, task: "0199c1a2-0000-7000-8000-000000000001", title: "As before", steps };
        tx.append({ phase: "grant", id: commandId, ref: "p-old", principal, body: { plan } });
        return {};
      },
    },
  );
  await using made = await home(new LetterBox(), { skills: [...new LetterBox().skills(), note] });
  await made.own("old.plan");
  expect(await send(made, "ann@a.example")).toBe("done");
  await made.reopen();
  expect(await send(made, "ann@a.example")).toBe("done");
  expect(await send(made, "ann@a.example")).toMatch(/^parked/);
});
