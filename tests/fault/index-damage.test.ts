import * as fs from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const notes = [
  "Met with Sarah about the ML project",
  "Lunch with Tom in Lisbon",
  "The boiler was repaired",
  "Sarah called about the boiler",
  ...Array.from({ length: 60 }, (_, n) => `Walk number ${n} by the river with Tom`),
];

/** Everything that somebody could ask of the index. */
async function answers(home: TestHost): Promise<unknown> {
  return {
    all: await home.own("memory.list"),
    boiler: await home.own("memory.search", { q: "boiler" }),
    sarah: await home.own("memory.search", { q: "What did Sarah say?" }),
    river: await home.own("memory.search", { q: "river", k: 100 }),
    people: await home.own("relationship.list"),
    trust: await home.own("trust.list", {}),
    grants: await home.own("grant.list", { all: true }),
    approvals: await home.own("approval.list", { all: true }),
    tasks: await home.own("task.list", { all: true }),
    relationships: await home.own("relationship.show", { name: "Sarah" }),
    history: await home.own("history.list", { limit: 1000 }),
    stats: await home.own("memory.stats"),
    timeline: await home.own("memory.timeline"),
    damage: await home.own("damage.list"),
    settings: await home.own("config.show"),
  };
}

async function filled(): Promise<{ home: TestHost; before: unknown; index: string }> {
  const home = await makeHost();
  for (const text of notes) await home.own("memory.capture", { text });
  await home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
  await home.own("trust.set", { principal: "agent:mail", level: "bounded_auto" });
  await home.act("agent:mail", "outbox.append", { text: "x", effect: "spend" });
  await home.own("relationship.relate", { a: "Sarah", b: "Tom", type: "knows" });
  await home.own("memory.learn", { title: "Boiler", text: "Open the valve." });
  const { id } = await home.own<{ id: string }>("task.add", { title: "Call Tom", due: "tomorrow" });
  await home.own("task.start", { id });
  await home.own("config.set", { name: "rate.commandsPerHour", value: 500 });
  await home.own("memory.capture", { text: "A mistake" });
  await home.own("history.undo");
  await home.own("memory.capture", { text: "Another" });
  await home.own("history.undo");
  await home.own("history.redo");
  const before = await answers(home);
  await home.close();
  return { home, before, index: home.file("memory/index/index.db") };
}

const damages: [string, (index: string) => void][] = [
  ["deleted", (index) => fs.rmSync(index)],
  ["deleted with its folder", (index) => fs.rmSync(index.replace("/index.db", ""), { recursive: true })],
  ["emptied", (index) => fs.truncateSync(index, 0)],
  ["overwritten with garbage", (index) => fs.writeFileSync(index, Buffer.alloc(100_000, "no database at all "))],
  ["cut in half", (index) => fs.truncateSync(index, Math.floor(fs.statSync(index).size / 8192) * 4096)],
];

test.for(damages)("R5 an index that was %s is made anew and answers the same", async ([, damage]) => {
  const { home, before, index } = await filled();
  await using _closing = home;
  damage(index);
  await home.reopen();
  expect(await answers(home)).toEqual(before);
});

test("R5 an index that was not touched answers the same", async () => {
  const { home, before } = await filled();
  await using _closing = home;
  await home.reopen();
  expect(home.host.report.rebuilt).toBeUndefined();
  expect(await answers(home)).toEqual(before);
});

test("R5 an index with a page turned over answers the same, or says so and answers after opening again", async () => {
  const { home, before, index } = await filled();
  await using _closing = home;
  const good = fs.readFileSync(index);
  const wrong: unknown[] = [];
  for (let start = 0; start < good.length; start += 4096) {
    const bad = Buffer.from(good);
    for (let at = start; at < start + 4096; at += 1) bad[at] = (bad[at] as number) ^ 0xff;
    fs.writeFileSync(index, bad);
    const end = await reopenedAnswers(home).catch((error: unknown) => String(error));
    const told = typeof end === "string" && end.includes("index.damaged");
    const found = told ? await reopenedAnswers(home).catch(String) : end;
    if (!isDeepStrictEqual(found, before)) wrong.push({ start, end, found });
    await home.close();
  }
  expect(wrong).toEqual([]);
});

async function reopenedAnswers(home: TestHost): Promise<unknown> {
  await home.reopen();
  return answers(home);
}
