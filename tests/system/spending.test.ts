import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Spent } from "@mh/core/kernel/rates.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { readSummary } from "@mh/host/home/summary.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const [one, two] = [agent("one"), agent("two")];

/** Reserves what it is told to, and comes to what it is told. */
const thinking = defineOutside(
  defineContract({
    name: "thought.have",
    kind: "outside",
    title: "Think",
    input: () =>
      z.strictObject({
        tokens: z.number().default(0).describe("Reserved"),
        minor: z.number().default(0).describe("Reserved"),
        spent: z.strictObject({ tokens: z.number(), minor: z.number() }).optional().describe("What it came to"),
        end: z.enum(["done", "fails", "hangs"]).default("done").describe("How it ends"),
      }),
    output: () => z.null(),
    examples: [{ title: "Once", args: {} }],
    effects: ["notify"],
    event: "thought.had",
  }),
  {
    stored: "kept",
    classify: ({ tokens, minor }) => ({
      ...{ effect: "notify", risk: "low", scope: {} },
      ...(tokens > 0 && { tokens }),
      ...(minor > 0 && { amount: { minor, currency: "EUR" } }),
    }),
    async run({ spent, end }, { note, progress }) {
      progress({ done: 0 });
      if (spent) note({ spent: spent satisfies Spent });
      if (end === "fails") throw new Error("no idea");
      if (end === "hangs") await new Promise(() => undefined);
      return null;
    },
  },
);

async function home(limits: Record<string, number>): Promise<TestHost> {
  const made = await makeHost({ skills: [thinking] });
  for (const principal of [one, two]) await made.own("grant.give", { principal, skill: "thought.have" });
  for (const [name, value] of Object.entries(limits)) await made.own("config.set", { name: `spend.${name}`, value });
  return made;
}

const short = (outcome: Outcome) => (outcome.status === "denied" ? outcome.rules.join() : outcome.status);
const overspent = "invariant.spend";

test("K9 tokens are reserved before they are used: those at once cannot use more than the allowance together, or alone", async () => {
  await using made = await home({ tokensPerDay: 1000, tokensPerDayEach: 700 });
  const think = (who: typeof one, tokens: number, n = 0) =>
    made.act(who, "thought.have", { tokens, spent: undefined, minor: n }).then(short);
  const both = await Promise.all([think(one, 400), think(one, 400), think(two, 400), think(two, 400)]);
  expect(both.filter((end) => end === "done")).toHaveLength(2);
  expect(await think(one, 301)).toBe(overspent);
  expect(await think(one, 200)).toBe("done");
  expect(await think(one, 1)).toBe(overspent);
  made.clock.forward(24 * 3_600_000 + 1);
  expect(await think(one, 701)).toBe(overspent);
  expect(await think(one, 700)).toBe("done");
});

test("K9 what it came to takes the place of what was reserved, less or more, over a restart and with the index made anew", async () => {
  await using made = await home({ tokensPerDay: 1000, perDay: 10, perDayEach: 10 });
  const think = (args: object) => made.act(one, "thought.have", args).then(short);
  expect(await think({ tokens: 900, minor: 900, spent: { tokens: 100, minor: 0.25 } })).toBe("done");
  expect(await think({ tokens: 901 })).toBe(overspent);
  expect(await think({ minor: 1000 })).toBe(overspent);
  expect(await think({ tokens: 100, minor: 999, spent: { tokens: 500, minor: 12 } })).toBe("done");
  await made.reopen();
  expect(await think({ tokens: 401 })).toBe(overspent);
  expect(await think({ tokens: 400, minor: 987 })).toBe("done");
  expect(await think({ minor: 1 })).toBe(overspent);
});

test("K9 what fails or is broken off keeps what was reserved, unless it knows what it came to", async () => {
  await using made = await home({ tokensPerDay: 1000 });
  const think = (args: object) => made.act(one, "thought.have", args).then(short);
  expect(await think({ tokens: 300, end: "fails" })).toBe("failed");
  const run = made.host.begin({ principal: one, skill: "thought.have", args: { tokens: 300, end: "hangs" } });
  await expect.poll(() => run.progress).toBeDefined();
  run.cancel("You pressed Ctrl-C");
  expect(short(await run.outcome)).toBe("interrupted");
  expect(await think({ tokens: 300, end: "fails", spent: { tokens: 0, minor: 0 } })).toBe("failed");
  expect(await think({ tokens: 401 })).toBe(overspent);
  expect(await think({ tokens: 400 })).toBe("done");
});

test("K9 the owner's own use is known, and takes nothing from anybody's allowance", async () => {
  await using made = await home({ tokensPerDay: 1000 });
  const spent = { tokens: 5000, minor: 12.5 };
  expect(short(await made.act(owner, "thought.have", { tokens: 9000, minor: 99, spent }))).toBe("done");
  expect(short(await made.act(one, "thought.have", { tokens: 1000 }))).toBe("done");
  const used = [
    { principal: "owner", minor: 12.5, tokens: 5000 },
    { principal: one, minor: 0, tokens: 1000 },
  ];
  expect((await made.own("home.status", {})).spent).toMatchObject(used);
  await made.close();
  expect(readSummary(made.root)?.spent).toMatchObject(used);
  await made.reopen();
  made.clock.forward(24 * 3_600_000 + 1);
  expect((await made.own("home.status", {})).spent).toEqual([]);
});

test("K9 the status says what each used, what of it is only reserved, and what is left, each and together", async () => {
  await using made = await home({ tokensPerDay: 1000, tokensPerDayEach: 700, perDay: 10, perDayEach: 6, perWeek: 12 });
  const status = async () => {
    const { spent, reserved, shared } = await made.own("home.status", {});
    return { spent, reserved, shared };
  };
  const nothing = { tokens: 0, minor: 0 };
  expect(await status()).toEqual({
    ...{ spent: [], reserved: nothing, shared: { left: { tokens: 1000, minor: 1000 }, leftInWeek: 1200 } },
  });
  await made.act(one, "thought.have", { tokens: 300, minor: 300, spent: { tokens: 250, minor: 200 } });
  await made.act(owner, "thought.have", { tokens: 9000, minor: 5000 });
  const run = made.host.begin({
    ...{ principal: two, skill: "thought.have", args: { tokens: 600, minor: 100, end: "hangs" } },
  });
  await expect.poll(() => run.progress).toBeDefined();
  const underWay = { tokens: 600, minor: 100 };
  expect(await status()).toEqual({
    spent: [
      { principal: "owner", tokens: 9000, minor: 5000, reserved: nothing, left: null },
      { principal: two, ...underWay, reserved: underWay, left: { tokens: 100, minor: 500 } },
      { principal: one, tokens: 250, minor: 200, reserved: nothing, left: { tokens: 150, minor: 400 } },
    ],
    ...{ reserved: underWay, shared: { left: { tokens: 150, minor: 700 }, leftInWeek: 900 } },
  });
  // What is left is what the judge still allows, and no more.
  const think = (who: typeof one, args: object) => made.act(who, "thought.have", args).then(short);
  expect(await think(one, { tokens: 151 })).toBe(overspent);
  expect(await think(two, { tokens: 101 })).toBe(overspent);
  expect(await think(one, { minor: 401 })).toBe(overspent);
  expect(await think(one, { tokens: 150, minor: 400 })).toBe("done");
  run.cancel("It takes too long");
  await run.outcome;
  expect((await status()).reserved).toEqual(nothing);
});

test("K9 the status says what is left to one whose commands led to others as the judge has it, and what is reserved once", async () => {
  await using made = await home({ tokensPerDay: 1000, tokensPerDayEach: 700 });
  const { id: cause } = await made.act(one, "thought.have", { tokens: 50 });
  const run = made.host.begin({
    ...{ principal: two, skill: "thought.have", args: { tokens: 300, end: "hangs" }, cause },
  });
  await expect.poll(() => run.progress).toBeDefined();
  const { spent, reserved } = await made.own("home.status", {});
  expect(
    spent.map(({ principal, tokens, reserved, left }) => [principal, tokens, reserved.tokens, left?.tokens]),
  ).toEqual([
    [two, 300, 300, 400],
    [one, 50, 0, 350],
  ]);
  expect(reserved).toEqual({ tokens: 300, minor: 0 });
  const think = (who: typeof one, tokens: number) => made.act(who, "thought.have", { tokens }).then(short);
  expect([await think(one, 351), await think(two, 401)]).toEqual([overspent, overspent]);
  expect(await think(one, 350)).toBe("done");
  run.cancel("It takes too long");
  await run.outcome;
});
