import { defineContract } from "@mh/contract/contract.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { defineQuery } from "@mh/core/kernel/skill.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { hostileArgs, hostileTexts } from "../support/hostile.ts";

const reader = agent("reader");
const task = {
  id: "t1",
  words: `Please read www.example.org and ${"tell Sarah and Tom of room 4 please ".repeat(200)}`,
};
/** The largest body that a program, an agent or a phone sends is a mebibyte. */
const largest = 1_000_000;

/** Loops are whole with CI=true. */
const nth = process.env.CI === "true" ? 1 : 7;

/** What others wrote: nothing is said of it, so it is text of anybody's. */
const newsRead = defineQuery(
  defineContract({
    ...{ name: "news.read", kind: "query", title: "Read the news", examples: [{ title: "All", args: {} }] },
    input: () => z.strictObject({}),
    output: () => z.array(z.strictObject({ id: z.number(), text: z.string() })),
  }),
  {
    run: () =>
      Array.from({ length: 1_000 }, (_, id) => ({
        id,
        text: `Item ${id} of www.news.example ${"and more ".repeat(60)}`,
      })),
  },
);

/** A home in which an agent may use every skill, and read others' text in its task already. */
async function makeBusyHome(): Promise<TestHost> {
  const home = await makeHost({ skills: [newsRead] });
  for (const { contract } of home.host.registry.all())
    if (!contract.effects.every((effect) => effect === "admin"))
      await home.own("grant.give", { principal: reader, skill: contract.name });
  await home.own("memory.capture", { text: "Sarah likes tea" });
  for (const skill of ["memory.list", "news.read"])
    expect((await home.act(reader, skill, {}, { task })).status).toBe("done");
  return home;
}

function check(home: TestHost, skill: string, args: unknown): void {
  try {
    home.host.check({ principal: reader, skill, args, task });
  } catch {
    // A refusal by sentence: that it came soon is what counts.
  }
}

/** Processor time of the quickest of several tries, in milliseconds: what else the machine does is not in it. */
function costOf(work: () => void, tries: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < tries; n += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

test("S5 a verdict on the largest and most hostile arguments is given at once, for every skill and place", async () => {
  await using home = await makeBusyHome();
  const costs: { ms: number; what: string }[] = [];
  let n = Math.floor(Math.random() * nth);
  for (const { contract } of home.host.registry.all()) {
    for (const [kind, textOf] of Object.entries(hostileTexts)) {
      n += 1;
      if (n % nth !== 0) continue;
      // Just what is looked at for provenance, and the largest there is.
      const length = n % 2 === 0 ? largest : 250_000;
      for (const { at, args } of hostileArgs(contract, textOf(length), 20_000)) {
        const work = () => check(home, contract.name, args);
        const first = costOf(work, 1);
        const ms = first > 20 ? Math.min(first, costOf(work, 3)) : first;
        costs.push({ ms, what: `${contract.name} ${at}: ${kind}` });
      }
    }
  }
  costs.sort((a, b) => b.ms - a.ms);
  const p99 = costs[Math.floor(costs.length / 100)]?.ms ?? Number.NaN;
  process.stderr.write(`${costs.length} hostile verdicts: p99 ${p99} ms, ${JSON.stringify(costs.slice(0, 12))}\n`);
  expect(p99).toBeLessThan(50);
  expect(costs.filter(({ ms }) => ms > 200)).toEqual([]);
}, 300_000);

test("S5 STOP is answered within a second while an agent asks for the most hostile there is", async () => {
  await using home = await makeBusyHome();
  const { contract } = home.host.registry.get("memory.capture");
  const asked = Object.values(hostileTexts).flatMap((textOf) =>
    [...hostileArgs(contract, textOf(largest), 20_000)].map(({ args }) =>
      home.act(reader, contract.name, args, { task }),
    ),
  );
  const began = process.cpuUsage();
  const stopped = home.host.act({ principal: owner, skill: "kernel.stop", args: {} });
  expect((await stopped).status).toBe("done");
  const { user, system } = process.cpuUsage(began);
  process.stderr.write(`STOP amid ${asked.length} hostile commands: ${(user + system) / 1000} ms\n`);
  const ends = await Promise.all(asked);
  expect(new Set(ends.map(({ status }) => status)).has("denied")).toBe(true);
}, 120_000);
