import { defineContract } from "@mh/contract/contract.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { defineAdmin } from "@mh/core/kernel/skill.ts";
import { expect, test } from "vitest";
import { z } from "zod";
import { answer, letterHome, letters, mail, offers, short, task } from "../support/letter-box.ts";

test("P11 rights along a chain intersect: a plan of one is none of the other who caused it", async () => {
  const other = agent("other");
  await using made = await letterHome();
  for (const skill of ["letters.read", "outbox.append"]) await made.own("grant.give", { principal: other, skill });
  await made.propose(letters);
  const cause = (await made.act(other, "letters.read", { about: "prize" }, { task })).id;
  await made.read();
  const to = "ann@a.example";
  const args = { text: "x", to, effect: "send", scope: { recipients: [to] } };
  expect(short(await made.act(mail, "outbox.append", args, { task, cause }))).toMatch(/^parked/);
  expect(short(await made.act(other, "outbox.append", args, { task }))).toMatch(/^parked/);
  expect(short(await made.act(mail, "outbox.append", args, { task }))).toBe("done");
});

test("K11 a plan with slots lifts no denial: STOP, a rule, the rate and the allowance stand", async () => {
  await using made = await letterHome();
  const to = { from: "offers", field: "from" };
  const step = {
    skill: "bank.pay",
    slots: { to, amount: { from: "offers", field: "asks", kind: "amount" as const } },
    times: 9,
  };
  await made.propose({ ...letters, steps: [step, answer({ times: 9, each: undefined })] });
  await made.read();
  await made.own("config.set", { name: "spend.perDay", value: 25 });
  expect(await made.pay("ben@b.example", 30)).toMatch(/^denied/);
  expect(await made.send("ann@a.example")).toBe("done");
  made.rule("hard.cedar", `@id("no") forbid (principal, action == mh::Action::"send", resource);`);
  expect(await made.send("ben@b.example")).toBe("denied boundary");
  await made.own("config.set", { name: "rate.commandsPerHour", value: 1 });
  expect(await made.pay("ann@a.example", 20)).toBe("denied rate");
  await made.own("kernel.stop", {});
  expect(await made.send("ann@a.example")).toMatch(/^denied/);
});

test("K11 what a fixed argument points to is held: a memory that was changed since asks", async () => {
  await using made = await letterHome();
  await made.own("grant.give", { principal: mail, skill: "memory.forget" });
  const { id } = await made.own<{ id: string }>("memory.capture", { text: "The offer of Ann" });
  const { id: second } = await made.own<{ id: string }>("memory.capture", { text: "The offer of Ben" });
  const steps = [id, second].map((each) => ({ skill: "memory.forget", args: { id: each } }));
  await made.propose({ title: "Forget the offers", steps });
  await made.own("memory.edit", { id, text: "The will of Ann" });
  expect(short(await made.asMail("memory.forget", { id }))).toMatch(/^parked/);
  expect(short(await made.asMail("memory.forget", { id: second }))).toBe("done");
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
  await using made = await letterHome();
  const outcome = await made.asMail("plan.propose", { ...letters, ...plan });
  expect(outcome).toMatchObject({
    status: "failed",
    fault: { code: "args.invalid", message: expect.stringContaining(why) },
  });
});

test("K11 fifty steps, and loops over nothing and over much, are compared as one is", async () => {
  await using made = await letterHome();
  const steps = Array.from({ length: 50 }, (_, n) => answer({ args: { effect: "send", text: `${n}` }, times: 1 }));
  await made.propose({ ...letters, steps });
  await made.read();
  const sent = (text: string, to: string) =>
    made.asMail("outbox.append", { text, to, effect: "send", scope: { recipients: [to] } });
  expect(short(await sent("49", "ben@b.example"))).toBe("done");
  expect(short(await sent("49", "ann@a.example"))).toMatch(/^parked/);
  expect(short(await sent("50", "ann@a.example"))).toMatch(/^parked/);
  made.box.letters = [];
  await made.act(
    mail,
    "letters.read",
    { about: "offer" },
    { task: { ...task, id: "0199c1a2-0000-7000-8000-000000000002" } },
  );
  const other = { task: { ...task, id: "0199c1a2-0000-7000-8000-000000000002" } };
  const asked = await made.act(mail, "plan.propose", letters, other);
  await made.approveShown(asked);
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
  await using made = await letterHome({ skills: [note] });
  await made.own("old.plan");
  expect(await made.send("ann@a.example")).toBe("done");
  await made.reopen();
  expect(await made.send("ann@a.example")).toBe("done");
  expect(await made.send("ann@a.example")).toMatch(/^parked/);
});
