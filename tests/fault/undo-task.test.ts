import { randomUUID } from "node:crypto";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { mhWithHome } from "./mh.ts";

const kills = process.env.CI ? 20 : 6;

test(`K16 the undo of a task is whole or has not happened, after ${kills} kills in the middle of it`, async () => {
  using mh = mhWithHome();
  const random = randomFrom(inject("seed"));
  for (let round = 0; round < kills; round += 1) {
    const task = randomUUID();
    const act = (skill: string, args: unknown) => mh.here(["act", skill, JSON.stringify(args), "--task", task]);
    expect((await act("memory.capture", { text: `Note of round ${round}` })).code).toBe(0);
    expect((await act("task.add", { title: `Errand of round ${round}` })).code).toBe(0);
    expect((await act("persona.update", { section: "values", text: `Calm, ${round}` })).code).toBe(0);
    const undo = ["undo", "--task", task];
    await mh.startKilled(undo, { lines: 0, laterMs: 50 + random() * 700 });
    const { out } = await mh.here([...undo, "--dry-run", "--json"]);
    const { taken, undone } = JSON.parse(out) as Record<"taken" | "undone", unknown[]>;
    expect(["3 0", "0 3"]).toContain(`${taken.length} ${undone.length}`);
    expect([round, (await mh.here(undo)).code === 0]).toEqual([round, taken.length === 3]);
    for (const look of [
      ["memory", "list"],
      ["task", "list"],
      ["persona", "show"],
    ])
      expect((await mh.here(look)).out).not.toMatch(/of round|Calm/);
  }
  expect((await mh.here(["audit", "verify"])).code).toBe(0);
  expect((await mh.here(["history", "--json"])).out).not.toContain('"state":"done"');
});
