import * as fs from "node:fs";
import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const short = (outcome: Outcome) =>
  "rules" in outcome ? [outcome.status, outcome.layer, ...outcome.rules].join(" ") : outcome.status;
const grant = (home: TestHost, principal: string, skill = "outbox.append") =>
  home.own("grant.give", { principal, skill });
const settings = (home: TestHost, values: Record<string, number>) =>
  Promise.all(Object.entries(values).map(([name, value]) => home.own("config.set", { name, value })));
const write = (text: string) => ({ text, effect: "write" });
const tooMany = "denied rate invariant.rate";
const hour = 3_600_000;

function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[short(outcome)] = (counts[short(outcome)] ?? 0) + 1;
  return counts;
}

test("H11 the N+1st action in an hour is denied, and the hour after that refills", async () => {
  await using home = await makeHost();
  await grant(home, agent("busy"));
  await settings(home, { "rate.commandsPerHour": 5 });
  const act = (n: number) => home.act(agent("busy"), "outbox.append", write(`${n}`));
  for (let n = 0; n < 5; n += 1) expect(short(await act(n))).toBe("done");
  expect(short(await act(5))).toBe(tooMany);
  home.clock.forward(hour - 1);
  expect(short(await act(6))).toBe(tooMany);
  home.clock.forward(1);
  expect(short(await act(7))).toBe("done");
  expect(home.outbox()).toEqual(["0", "1", "2", "3", "4", "7"]);
});

test("H11 ten agents at once share one bucket", async () => {
  await using home = await makeHost();
  const agents = Array.from({ length: 10 }, (_, n) => agent(`a${n}`));
  for (const each of agents) await grant(home, each);
  await settings(home, { "rate.commandsPerHour": 12 });
  const outcomes = await Promise.all(
    agents.flatMap((each) => [1, 2, 3].map((n) => home.act(each, "outbox.append", write(`${each} ${n}`)))),
  );
  expect(tally(outcomes)).toEqual({ done: 12, [tooMany]: 18 });
  expect(home.outbox()).toHaveLength(12);
});

test("H11 each one has a bucket of its own beside the common one, and the owner has none", async () => {
  await using home = await makeHost();
  await grant(home, agent("busy"));
  await grant(home, agent("calm"));
  await settings(home, { "rate.commandsPerHourEach": 2 });
  const ends: string[] = [];
  for (const who of [agent("busy"), agent("busy"), agent("busy"), agent("calm"), owner, owner, owner])
    ends.push(short(await home.act(who, "outbox.append", write(`${ends.length}`))));
  expect(ends).toEqual(["done", "done", tooMany, "done", "done", "done", "done"]);
});

test("H11 setting the clock back refills nothing, also over a restart and with a new index", async () => {
  await using home = await makeHost();
  await grant(home, agent("busy"));
  await settings(home, { "rate.commandsPerHour": 2 });
  const act = (text: string) => home.act(agent("busy"), "outbox.append", write(text));
  expect([short(await act("a")), short(await act("b")), short(await act("c"))]).toEqual(["done", "done", tooMany]);
  const now = home.clock.now();
  for (const back of [2 * hour, 48 * hour, 1000 * hour]) {
    home.clock.set(new Date(now - back).toISOString());
    expect([back, short(await act(`back ${back}`))]).toEqual([back, tooMany]);
  }
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(short(await act("again"))).toBe(tooMany);
});

test("H11 a looser rate that was written by hand waits for the owner; a stricter one bites at once", async () => {
  await using home = await makeHost();
  await grant(home, agent("busy"));
  const bounds = { "rate.commandsPerHourEach": 2, "rate.sameCommandMax": 3, "approvals.openPerPrincipal": 4 };
  await settings(home, bounds);
  const file = home.file("config.yaml");
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, text.replaceAll(/(Each|Max|Principal): \d+/g, "$1: 90"));
  home.clock.forward(1000);
  const { inForce, pending } = await home.own<{ inForce: never; pending: { name: string }[] }>("config.show");
  expect(inForce).toMatchObject({
    rate: { commandsPerHourEach: 2, sameCommandMax: 3 },
    approvals: { openPerPrincipal: 4 },
  });
  expect(pending.map(({ name }) => name).sort()).toEqual(Object.keys(bounds).sort());
});

test("the same command over and over asks once it looks like a loop, and other arguments do not", async () => {
  await using home = await makeHost();
  const [loop, other] = [agent("loop"), agent("other")];
  for (const who of [loop, other]) await grant(home, who);
  await settings(home, { "rate.sameCommandMax": 3, "rate.sameCommandMinutes": 5 });
  const same = (who: string) => home.act(who, "outbox.append", write("same"));
  expect([short(await same(loop)), short(await same(loop)), short(await same(loop))]).toEqual(["done", "done", "done"]);
  expect(short(await same(loop))).toBe("parked rate invariant.repeat");
  expect(short(await same(other))).toBe("done");
  expect(short(await home.act(loop, "outbox.append", write("different")))).toBe("done");
  home.clock.forward(5 * 60_000);
  expect(short(await same(loop))).toBe("done");
});

test("a loop of reads is no loop: looking does nothing", async () => {
  await using home = await makeHost();
  await grant(home, agent("loop"), "memory.list");
  await settings(home, { "rate.sameCommandMax": 1 });
  for (let n = 0; n < 5; n += 1) expect(short(await home.act(agent("loop"), "memory.list"))).toBe("done");
});

/** Pays what it is told, and says so in a list. */
function purse(paid: number[]) {
  const input = z.strictObject({
    minor: z.number().int(),
    currency: z.string().default("EUR"),
    fails: z.boolean().default(false),
  });
  return defineOutside(
    defineContract({
      name: "purse.pay",
      kind: "outside",
      title: "Pay something",
      input: () => input,
      output: () => z.null(),
      effects: ["notify"],
      event: "purse.paid",
      examples: [{ title: "As it is", args: { minor: 100 } }],
    }),
    {
      stored: "kept",
      classify: ({ minor, currency }) => ({ effect: "notify", risk: "low", scope: {}, amount: { minor, currency } }),
      async run({ minor, fails }) {
        if (fails) throw new Error("the shop does not answer");
        paid.push(minor);
        return null;
      },
    },
  );
}

const overspent = "denied rate invariant.spend";

test("K9 money is reserved before it is paid: agents at once cannot pay more than the allowance together", async () => {
  const paid: number[] = [];
  await using home = await makeHost({ skills: [purse(paid)] });
  const agents = Array.from({ length: 6 }, (_, n) => agent(`a${n}`));
  for (const each of agents) await grant(home, each, "purse.pay");
  await settings(home, { "spend.perDay": 100, "spend.perDayEach": 100, "spend.perWeek": 150 });
  const outcomes = await Promise.all(agents.map((each, n) => home.act(each, "purse.pay", { minor: 3000 + n })));
  expect(tally(outcomes)).toEqual({ done: 3, [overspent]: 3 });
  home.clock.forward(24 * hour + 1);
  expect(short(await home.act(agent("a0"), "purse.pay", { minor: 6000 }))).toBe(overspent);
  expect(short(await home.act(agent("a0"), "purse.pay", { minor: 5000 }))).toBe("done");
  expect(paid.reduce((sum, each) => sum + each, 0)).toBe(3000 + 3001 + 3002 + 5000);
});

test("K9 each one has an allowance of its own; a payment that failed still counts; another currency is denied", async () => {
  const paid: number[] = [];
  await using home = await makeHost({ skills: [purse(paid)] });
  await grant(home, agent("a"), "purse.pay");
  await grant(home, agent("b"), "purse.pay");
  await settings(home, { "spend.perDayEach": 20 });
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 1, currency: "USD" }))).toBe(overspent);
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 2001 }))).toBe(overspent);
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 1500, fails: true }))).toBe("failed");
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 501 }))).toBe(overspent);
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 500 }))).toBe("done");
  expect(short(await home.act(agent("b"), "purse.pay", { minor: 2000 }))).toBe("done");
  home.clock.set("2020-01-01T00:00:00Z");
  expect(short(await home.act(agent("b"), "purse.pay", { minor: 1 }))).toBe(overspent);
  await home.reopen();
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 1 }))).toBe(overspent);
  expect(short(await home.act(owner, "purse.pay", { minor: 99_999 }))).toBe("done");
});

test("K9 what is no amount of money is refused, and the log stays readable", async () => {
  await using home = await makeHost({ skills: [purse([])] });
  await grant(home, agent("a"), "purse.pay");
  for (const minor of [-1, 1e21, 2 ** 53, 1e15 + 1])
    expect(short(await home.act(agent("a"), "purse.pay", { minor }))).toBe("failed");
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 1e15 }))).toBe(overspent);
  await home.reopen();
  expect(short(await home.act(agent("a"), "purse.pay", { minor: 1 }))).toBe("done");
});

const flooded = "denied approval invariant.questions";

test("P12 an agent that floods its owner with approval requests is denied the rest, and nobody else's are crowded out", async () => {
  await using home = await makeHost();
  const [loud, calm] = [agent("loud"), agent("calm")];
  for (const who of [loud, calm]) await grant(home, who);
  await settings(home, { "approvals.openPerPrincipal": 5 });
  const ask = (who: string, text: string) => home.act(who, "outbox.append", { text, effect: "send" });
  const outcomes = await Promise.all(Array.from({ length: 500 }, (_, n) => ask(loud, `${n}`)));
  expect(tally(outcomes)).toEqual({ "parked boundary table.suggest.send.ask": 5, [flooded]: 495 });
  expect((await home.own("approval.list", {})).approvals).toHaveLength(5);
  expect(short(await ask(calm, "one"))).toContain("parked");
  expect(short(await home.act(loud, "outbox.append", write("no approval request")))).toBe("done");
  const [first] = outcomes as [Outcome, ...Outcome[]];
  await home.own("approval.deny", { id: first.id });
  expect(short(await ask(loud, "room for one"))).toContain("parked");
  expect(short(await ask(loud, "and no more"))).toBe(flooded);
  home.clock.forward(25 * hour);
  expect(short(await ask(loud, "the old ones lapsed"))).toContain("parked");
  await home.close();
  const why = (id: string) => explainCommand(home.root, home.environment, id);
  const denied = outcomes.find((outcome) => short(outcome) === flooded) as Outcome;
  expect(why(denied.id)?.rejudged).toMatchObject({ isSame: true, verdict: { verdict: "deny" } });
});

test("P12 the owner's own confirmations are never crowded out", async () => {
  await using home = await makeHost();
  await settings(home, { "approvals.openPerPrincipal": 1 });
  for (const text of ["a", "b", "c"])
    expect(short(await home.act(owner, "outbox.append", { text, effect: "destroy" }))).toContain("parked");
});

test("P15 an approval request that nobody answers is denied: nothing runs, also after a restart, and asking again is a new request", async () => {
  await using home = await makeHost();
  await grant(home, agent("mail"));
  const asked = await home.act(agent("mail"), "outbox.append", { text: "x", effect: "send" });
  home.clock.forward(24 * hour + 1);
  await home.reopen();
  const { hash } = await home.own("approval.show", { id: asked.id });
  const late = await home.act(owner, "approval.approve", { id: asked.id, hash });
  expect(late.status === "failed" && late.fault.code).toBe("approval.closed");
  const again = await home.act(agent("mail"), "outbox.append", { text: "x", effect: "send" });
  expect([again.status, again.id === asked.id]).toEqual(["parked", false]);
  expect(home.outbox()).toEqual([]);
});
