import * as fs from "node:fs";
import { indexFile } from "@mh/host/home/open-data.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import {
  act,
  approve,
  home,
  LetterBox,
  letters,
  mail,
  offers,
  pay,
  propose,
  read,
  send,
  short,
  task,
} from "../support/letter-box.ts";

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
