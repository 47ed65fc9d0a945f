import * as fs from "node:fs";
import { indexFile } from "@mh/host/places.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { type LetterHome, letterHome, letters, mail, offers, short, task, withLetters } from "../support/letter-box.ts";

test("K16 one approval: what is read afterwards fills the slots, each entry once, and nothing else passes", async () => {
  await using made = await letterHome();
  expect((await made.propose(letters)).status).toBe("done");
  expect(await made.send("ann@a.example")).toMatch(/^parked/);
  expect((await made.read()).status).toBe("done");
  expect((await made.read("prize")).status).toBe("done");
  expect(await made.send("ann@a.example")).toBe("done");
  expect(await made.send("ann@a.example")).toMatch(/^parked/);
  expect(await made.send("eve@evil.example")).toMatch(/^parked/);
  expect(await made.send("ben@b.example")).toBe("done");
  expect(made.outbox()).toEqual(["to ann@a.example", "to ben@b.example"]);
});

test("K11 a plan whose source was read before binds what was read: other letters ask", async () => {
  await using made = await letterHome();
  await made.read();
  const asked = await made.asMail("plan.propose", letters);
  const { command } = await made.own("approval.show", { id: asked.id });
  expect(command?.answers).toMatchObject([{ source: "offers", shows: expect.stringContaining("ann@a.example") }]);
  await made.approveShown(asked);
  made.box.letters.push({ from: "eve@evil.example", about: "offer", asks: 1 });
  expect(await made.send("ann@a.example")).toBe("done");
  await made.read();
  expect(await made.send("ben@b.example")).toMatch(/^parked/);
  expect(await made.send("eve@evil.example")).toMatch(/^parked/);
  await made.reopen();
  await made.read();
  expect(await made.send("ben@b.example")).toMatch(/^parked/);
  made.box.letters.pop();
  await made.reopen();
  await made.read();
  expect(await made.send("ben@b.example")).toBe("done");
});

test.for<[string, (made: LetterHome) => Promise<unknown>, string]>([
  [
    "two answers that differ",
    async (made) => {
      await made.read();
      made.box.letters.reverse();
      await made.read();
    },
    "changed while the task ran",
  ],
  [
    "the task did something of its own before it read",
    async (made) => {
      const written = await made.asMail("memory.capture", { text: "an offer of eve@evil.example" });
      expect(written.status).toBe("done");
      await made.read();
    },
    "of its own before it read",
  ],
  [
    "the same agent did, in another task of its own",
    async (made) => {
      const elsewhere = { task: { id: "0199c1a2-0000-7000-8000-000000000002", words: "Take notes" } };
      const written = await made.act(mail, "memory.capture", { text: "an offer of eve@evil.example" }, elsewhere);
      expect(written.status).toBe("done");
      await made.read();
    },
    "of its own before it read",
  ],
  [
    "that before a restart",
    async (made) => {
      await made.asMail("memory.capture", { text: "an offer of eve@evil.example" });
      await made.reopen();
      await made.read();
      await made.asMail("memory.capture", { text: "and another" });
    },
    "of its own before it read",
  ],
  [
    "an answer that is longer than what is looked at",
    async (made) => {
      made.box.letters.push({ from: "x".repeat(1_000_001), about: "offer", asks: 1 });
      await made.read();
    },
    "more than is looked at",
  ],
  [
    "a restart, and no answer since",
    async (made) => {
      await made.read();
      await made.reopen();
    },
    "was not read",
  ],
])("K11 a source that cannot be relied on fills nothing: %s", async ([, happens, why]) => {
  await using made = await letterHome();
  await made.propose(letters);
  await happens(made);
  const asked = await made.asMail("outbox.append", { text: "x", to: "ann@a.example", effect: "send" });
  expect(short(asked)).toMatch(/^parked/);
  const { command } = await made.own("approval.show", { id: asked.id });
  expect(command?.change).toMatchObject({ title: "Answer the offers", n: 1, differs: expect.stringContaining(why) });
  expect(made.outbox()).toEqual([]);
});

test("K11 what was read before the task did anything of its own still fills slots afterwards", async () => {
  await using made = await letterHome();
  await made.propose(letters);
  await made.read();
  await made.asMail("memory.capture", { text: "an offer of eve@evil.example" });
  expect(await made.send("ann@a.example")).toBe("done");
  await made.read();
  expect(await made.send("ben@b.example")).toBe("done");
});

test("K11 what the owner does, and what goes to the owner alone, spoils no source", async () => {
  await using made = await letterHome();
  await made.propose(letters);
  await made.host.act({ principal: "owner", skill: "memory.capture", args: { text: "Offers" }, task });
  expect((await made.asMail("outbox.append", { text: "I begin", effect: "notify" })).status).toBe("done");
  await made.read();
  expect(await made.send("ann@a.example")).toBe("done");
});

test("K11 another version of a skill is not what was approved: its step and its answers ask", async () => {
  await using made = await letterHome();
  await made.propose(letters);
  await made.close();
  const { root, environment, clock, box } = made;
  const skills = box.skills({ version: "1.0.1" });
  await using other = withLetters(await makeHost({ root, environment, clock, skills }), box);
  await other.read();
  expect(await other.send("ann@a.example")).toMatch(/^parked/);
});

test("K16 amounts are bounded one by one and in all, and sums hold over a restart and an index made anew", async () => {
  await using made = await letterHome();
  made.box.letters.push({ from: "cyd@c.example", about: "offer", asks: 40 });
  await made.own("config.set", { name: "spend.perDay", value: 1000 });
  await made.own("config.set", { name: "spend.perDayEach", value: 1000 });
  await made.own("config.set", { name: "spend.perWeek", value: 1000 });
  const one = { from: "offers", field: "from", kind: "email" as const };
  const amount = { from: "offers", field: "asks", kind: "amount" as const, atMost: 35, inAll: 49.5 };
  const step = { skill: "bank.pay", slots: { to: one, amount }, times: 9 };
  await made.propose({ ...letters, steps: [step] });
  await made.read();
  for (const strange of [-20, "-20", "NaN", "1e400", "20,000", "Infinity", 1e21, " ", true])
    expect((await made.asMail("bank.pay", { to: "ann@a.example", amount: strange })).status).not.toBe("done");
  expect(await made.pay("ann@a.example", 30)).toMatch(/^parked/);
  expect(await made.pay("cyd@c.example", 40)).toMatch(/^parked/);
  expect(await made.pay("ann@a.example", 20)).toBe("done");
  const { plans } = await made.own("grant.list", {});
  expect(plans).toMatchObject([{ steps: [{ n: 1, used: 1, times: 9, sums: { amount: 20 } }] }]);
  await made.close();
  fs.rmSync(indexFile(made.root));
  await made.reopen();
  await made.read();
  expect(await made.pay("ben@b.example", 30)).toMatch(/^parked/);
  expect(await made.pay("ann@a.example", "20.00")).toBe("done");
  expect(await made.pay("ann@a.example", 20)).toMatch(/^parked/);
  expect(made.box.paid).toEqual(["ann@a.example 20", "ann@a.example 20.00"]);
});

test("K11 entries that a loop used stay used after a restart and in an index made anew", async () => {
  await using made = await letterHome();
  await made.propose(letters);
  await made.read();
  expect(await made.send("ann@a.example")).toBe("done");
  await made.close();
  fs.rmSync(indexFile(made.root));
  await made.reopen();
  await made.read();
  expect(await made.send("ann@a.example")).toMatch(/^parked/);
  expect(await made.send("ben@b.example")).toBe("done");
});

test("K11 values that were read never choose the step: the first with something left is the one", async () => {
  await using made = await letterHome();
  const prizes = { skill: "letters.read", args: { about: "prize" } };
  const second = { skill: "outbox.append", args: { effect: "send" }, slots: { to: { from: "prizes", field: "from" } } };
  const first = { skill: "outbox.append", args: { effect: "send" }, slots: { to: { from: "offers", field: "from" } } };
  await made.propose({ ...letters, sources: { offers, prizes }, steps: [first, second] });
  await made.read();
  await made.read("prize");
  expect(await made.send("eve@evil.example")).toMatch(/^parked/);
  expect(await made.send("ann@a.example")).toBe("done");
  expect(await made.send("eve@evil.example")).toBe("done");
});

test("K11 a command outside the plan asks as a change to it, once", async () => {
  await using made = await letterHome();
  await made.propose(letters);
  await made.read();
  const note = { text: "x", to: "eve@evil.example", effect: "write" };
  const asked = await made.asMail("outbox.append", note);
  const again = await made.asMail("outbox.append", note);
  expect([short(asked), short(again)]).toEqual([expect.stringMatching(/^parked/), expect.stringMatching(/^parked/)]);
  expect(again).toMatchObject({ approval: asked.id });
  const { command } = await made.own("approval.show", { id: asked.id });
  expect(command?.change).toMatchObject({ title: "Answer the offers", n: 1, differs: 'effect is not "send"' });
  expect((await made.approveShown(asked)).status).toBe("done");
  expect(short(await made.asMail("outbox.append", note))).toBe("done");
  expect(short(await made.asMail("outbox.append", { ...note, text: "y", to: "zoe@z.example" }))).toBe(
    "parked provenance",
  );
  // What leaves is asked about each time: twice is something else than once.
  const sent = { text: "x", to: "zoe@z.example", effect: "send" };
  await made.approveShown(await made.asMail("outbox.append", sent));
  expect(short(await made.asMail("outbox.append", sent))).toMatch(/^parked/);
  await made.reopen();
  expect(short(await made.asMail("outbox.append", note))).toBe("done");
});
