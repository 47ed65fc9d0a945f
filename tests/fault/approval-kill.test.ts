import * as fs from "node:fs";
import * as path from "node:path";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { expectSound } from "../support/expect-sound.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const kills = process.env.CI ? 20 : 6;

test(`H12 an approval survives ${kills} kills in the middle of its answer, and what it approves runs once`, async () => {
  using mh = mhWithHome();
  const rule = `@id("ask") @title("Ask about what a helper remembers")
    forbid (principal == mh::Principal::"agent:helper", action, resource) unless { context.approved };`;
  fs.writeFileSync(path.join(mh.root, "persona", "policy", "ask.cedar"), rule);
  expect((await mh.here(["grant", "give", "agent:helper", "memory.capture"])).code).toBe(0);
  const random = randomFrom(inject("seed"));
  const texts = Array.from({ length: kills }, (_, n) => `Tea number ${n}`);
  for (const [n, text] of texts.entries()) {
    const act = ["act", "memory.capture", JSON.stringify({ text }), "--as", "agent:helper"];
    expect((await mh.here(act)).code).toBe(4);
    const [waiting = ""] = await waitingIn(mh);
    const approve = ["approvals", "approve", waiting, "--yes"];
    await mh.startKilled(approve, { lines: 0, laterMs: 100 + random() * 700 });
    // It was answered and ran, or it waits as if nobody had answered; the same yes again says which.
    const left = await waitingIn(mh);
    expect([[], [waiting]]).toContainEqual(left);
    expect([n, await contentsIn(mh)]).toEqual([n, texts.slice(0, n + 1 - left.length).sort()]);
    const again = await mh.here(approve);
    expect([n, again.code, again.err.includes("It was approved")]).toEqual([n, 0, left.length === 0]);
    expect(await waitingIn(mh)).toEqual([]);
  }
  expect(await contentsIn(mh)).toEqual([...texts].sort());
  expect((await mh.here(["audit", "verify"])).code).toBe(0);
  await expectSound(mh.root, { there: texts });
});

/** What is remembered, each as often as it was. */
async function contentsIn(mh: Mh): Promise<string[]> {
  const { out } = await mh.here(["memory", "list", "--all", "--json"]);
  const lines = out.split("\n").filter((line) => line !== "");
  const memories = lines.map((line) => JSON.parse(line) as { content: string; count: number });
  return memories.flatMap(({ content, count }) => Array.from({ length: count }, () => content)).sort();
}

async function waitingIn(mh: Mh): Promise<string[]> {
  const { out } = await mh.here(["approvals", "list", "--json"]);
  return (JSON.parse(out) as { approvals: { id: string }[] }).approvals.map(({ id }) => id);
}
