import * as fs from "node:fs";
import { indexFile } from "@mh/host/places.ts";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { expectSound } from "../support/expect-sound.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const kills = process.env.CI ? 20 : 6;
const times = kills - 2;
const task = "0199c1a2-0000-7000-8000-000000000000";

test(`K11 a plan of ${times} commands allows no more of them after ${kills} kills in the middle of one, and in an index made anew`, async () => {
  using mh = mhWithHome();
  const rule = `@id("ask") @title("Ask about what a helper remembers")
    forbid (principal == mh::Principal::"agent:helper", action, resource) unless { context.approved };`;
  fs.writeFileSync(`${mh.root}/persona/policy/ask.cedar`, rule);
  expect((await mh.here(["grant", "give", "agent:helper", "memory.capture"])).code).toBe(0);
  const plan = { principal: "agent:helper", task, title: "Tea", steps: [{ skill: "memory.capture", times }] };
  expect((await mh.here(["act", "grant.plan", JSON.stringify(plan)])).code).toBe(0);
  const random = randomFrom(inject("seed"));
  const act = (text: string) => [
    ...["act", "memory.capture", JSON.stringify({ text }), "--as", "agent:helper", "--task", task],
  ];
  for (let n = 0; n < kills; n += 1) {
    await mh.startKilled(act(`Tea number ${n}`), { lines: 0, laterMs: 100 + random() * 700 });
    const [used, kept] = [await usedIn(mh), await keptIn(mh)];
    // What was begun counts, whatever became of it.
    expect(used).toBeGreaterThanOrEqual(kept);
    expect(used).toBeLessThanOrEqual(times);
  }
  const before = await usedIn(mh);
  fs.rmSync(indexFile(mh.root));
  expect(await usedIn(mh)).toBe(before);
  for (let n = before; n < times; n += 1) expect((await mh.here(act(`Cake number ${n}`))).code).toBe(0);
  expect((await mh.here(act("One too many"))).code).toBe(4);
  expect(await keptIn(mh)).toBeLessThanOrEqual(times);
  expect((await mh.here(["audit", "verify"])).code).toBe(0);
  await expectSound(mh.root);
});

async function usedIn(mh: Mh): Promise<number> {
  const { out } = await mh.here(["act", "grant.list", '{"all":true}', "--json"]);
  const [plan] = (JSON.parse(out).value ?? JSON.parse(out)).plans as { steps: { used: number }[] }[];
  return plan?.steps[0]?.used ?? Number.NaN;
}

async function keptIn(mh: Mh): Promise<number> {
  const { out } = await mh.here(["memory", "list", "--all", "--json"]);
  return out.split("\n").filter((line) => line.trim() !== "").length;
}
