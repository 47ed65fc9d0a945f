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

/** As many new words as there is room for: what an index of words has most work with. */
function newWords(length: number, seed: number): string {
  const words: string[] = [];
  for (let n = 0, size = 0; size < length; n += 1) {
    const word = `w${((seed * 1_000_003 + n) * 2_654_435_761) % 2 ** 32}q${n}`;
    words.push(word);
    size += word.length + 1;
  }
  return words.join(" ").slice(0, length);
}

test("S5 a flood of the largest memories and imports keeps nobody waiting for more than one of them", async () => {
  await using home = await makeBusyHome();
  await home.own("trust.set", { principal: reader, level: "bounded_auto" });
  // The language libraries are loaded once.
  await home.own("memory.capture", { text: "Sarah met Tom Miller of ACME in Berlin on 3 May 2026" });
  const room = 495_000;
  const import20 = (textOf: (length: number) => string) => ({
    items: Array.from({ length: 20 }, (_, n) => ({ externalId: `${n}`, content: `${n} ${textOf(room / 20 - 10)}` })),
    ...{ source: "x", from: "x" },
  });
  const { accounts, dates } = hostileTexts as Record<"accounts" | "dates", (length: number) => string>;
  const floods: [string, () => Promise<unknown>[]][] = [
    [
      "captures",
      () => Array.from({ length: 20 }, (_, n) => home.act(reader, "memory.capture", { text: newWords(room, n) })),
    ],
    [
      "imports",
      () =>
        [accounts, dates, (length: number) => newWords(length, 99)].map((textOf) =>
          home.act(reader, "memory.import", import20(textOf)),
        ),
    ],
  ];
  for (const [name, begin] of floods) {
    const { ends, worstMs } = await heldBy(() => Promise.all(begin()));
    expect(ends.map((end) => (end as { status: string }).status)).toEqual(ends.map(() => "done"));
    process.stderr.write(`${name}: the main thread was held for ${worstMs} ms of processor time at most\n`);
    // One of them takes up to 100 ms, and what another one prepares may fall into the same turn; all took seconds.
    expect([name, worstMs]).toEqual([name, expect.toSatisfy((ms: number) => ms < 400)]);
  }
  const tooLarge = await home.act(reader, "memory.capture", { text: newWords(600_000, 30) });
  expect(tooLarge).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  const ofTheOwner = { principal: owner, skill: "memory.capture", args: { text: newWords(600_000, 31) } };
  expect((await home.host.act(ofTheOwner)).status).toBe("done");
}, 120_000);

test("S5 what the owner asks for goes before a flood that came first", async () => {
  await using home = await makeBusyHome();
  await home.own("trust.set", { principal: reader, level: "bounded_auto" });
  const flood = Array.from({ length: 20 }, (_, n) =>
    home.act(reader, "memory.capture", { text: newWords(100_000, n) }),
  );
  await home.own("kernel.stop", {});
  const ends = (await Promise.all(flood)).map(({ status }) => status);
  expect(ends.filter((status) => status === "denied").length).toBeGreaterThan(17);
}, 60_000);

/** The longest time of the processor between two turns of the event loop, while some work was done. */
async function heldBy<T>(work: () => Promise<T>): Promise<{ ends: T; worstMs: number }> {
  let worstMs = 0;
  let last = process.cpuUsage();
  let isOver = false;
  const turn = () => {
    const { user, system } = process.cpuUsage(last);
    worstMs = Math.max(worstMs, (user + system) / 1000);
    last = process.cpuUsage();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const ends = await work();
  isOver = true;
  return { ends, worstMs };
}
