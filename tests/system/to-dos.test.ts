import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { TasksInNotes } from "@mh/core/memory/skills/offer-tasks.ts";
import { makeHost, type TestHost, testClock } from "@mh/testing";
import { expect, test } from "vitest";
import { agentsDay } from "../support/agents-day.ts";
import { makePlace } from "../support/make-place.ts";

type Imported = ValueFor<"import.run">;

function lay(folder: string, files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return folder;
}

const openOnes = async (home: TestHost) => (await home.own("proposal.list", {})).proposals;
const tasks = async (home: TestHost) =>
  (await home.own("task.list", {})).tasks.map(({ title, due, origins }) => ({ title, due, origins }));

const vault = {
  "Daily/2026-11-26.md": "Rain.\n\n- [ ] call Ann by Friday\n- [x] buy rope\n- [ ] ~~old~~ fence 📅 2026-12-24\n",
  "Project.org": "* TODO paint the boat\n  DEADLINE: <2026-12-10 Thu>\n* DONE sell the car\n",
  "Letter.eml":
    "From: Eve <eve@x.example>\nSubject: hi\nDate: Thu, 26 Nov 2026 10:00:00 +0000\n\n- [ ] wire the money\n",
};

test("H26 open tasks of notes are offered in the review list with their dates, and are tasks once the owner accepts them", async () => {
  await using home = await makeHost({ clock: testClock("2026-11-29T14:00:00Z") });
  using place = makePlace();
  const folder = lay(path.join(place.folder, "notes"), vault);
  const first = await home.own<Imported>("import.run", { path: folder });
  expect(first.tasks).toEqual({ found: 3, offered: 3 });
  expect(await tasks(home)).toEqual([]);
  const offered = await openOnes(home);
  expect(offered.map(({ text, why, does }) => [text, why, does.type])).toEqual([
    ["call Ann (due 2026-11-27)", "Your note says so: “- [ ] call Ann by Friday”", "task"],
    ["paint the boat (due 2026-12-10)", expect.stringContaining("TODO paint the boat"), "task"],
    ["old fence (due 2026-12-24)", expect.stringContaining("📅 2026-12-24"), "task"],
  ]);
  const [ann] = offered;
  const { made } = await home.own("proposal.accept", { ids: [String(ann?.id)] });
  expect(await tasks(home)).toEqual([
    { title: "call Ann", due: "2026-11-27", origins: expect.arrayContaining(["owner"]) },
  ]);
  expect((await tasks(home))[0]?.origins.some((origin) => origin.startsWith("file:"))).toBe(true);
  expect((await home.own("task.show", { id: String(made[0]) })).task.title).toBe("call Ann");
  await home.own("history.undo", {});
  expect([await tasks(home), (await openOnes(home)).length]).toEqual([[], 3]);
});

test("H26 what was answered, or is a task, is not offered again; what is new in a note is", async () => {
  await using home = await makeHost({ clock: testClock("2026-11-29T14:00:00Z") });
  using place = makePlace();
  await home.own("task.add", { title: "Paint the boat" });
  const folder = lay(path.join(place.folder, "notes"), vault);
  const first = await home.own<Imported>("import.run", { path: folder });
  expect(first.tasks).toEqual({ found: 3, offered: 2 });
  for (const { id } of await openOnes(home)) await home.own("proposal.dismiss", { ids: [id] });
  expect((await home.own<Imported>("import.run", { path: folder })).tasks).toEqual({ found: 0, offered: 0 });
  lay(folder, { "Daily/2026-11-28.md": "- [ ] call Ann by Friday\n- [ ] post the letter\n" });
  const again = await home.own<Imported>("import.run", { path: folder });
  expect([again.tasks, (await openOnes(home)).map(({ text }) => text)]).toEqual([
    { found: 2, offered: 2 },
    ["call Ann (due 2026-12-04)", "post the letter"],
  ]);
});

test("H26 of many open tasks those due first and the latest are offered, and the others are counted", async () => {
  await using home = await makeHost({ clock: testClock("2026-11-29T14:00:00Z") });
  using place = makePlace();
  const lines = Array.from({ length: 80 }, (_, n) => `- [ ] wash car ${n} twice`);
  const folder = lay(path.join(place.folder, "notes"), {
    "2026-01-01.md": lines.join("\n"),
    "2026-02-01.md": "- [ ] the latest\n- [ ] the one due 📅 2027-01-01",
  });
  expect((await home.own<Imported>("import.run", { path: folder })).tasks).toEqual({ found: 82, offered: 50 });
  expect((await openOnes(home)).slice(0, 2).map(({ text }) => text)).toEqual([
    "the one due (due 2027-01-01)",
    "the latest",
  ]);
});

test("R-15 open tasks are found in all the notes of an import, however many these are", async () => {
  const inNotes = new TasksInNotes("UTC");
  const [count, group] = [20_500, 500];
  for (let from = 0; from < count; from += group) {
    const items = Array.from({ length: group }, (_, n) => ({
      item: { externalId: `n${from + n}`, source: "notes", content: `- [ ] mend fence ${from + n}` },
      where: `${from + n}.md`,
    }));
    const results = items.map(({ item }) => ({ ...item, status: "added" as const, id: item.externalId }));
    await inNotes.take(items, results, "2026-11-26T10:00:00Z");
  }
  const { found, offered } = inNotes.offered();
  expect([found, offered.length]).toEqual([count, 50]);
});

test("K7 another's import offers the owner no tasks", async () => {
  const program = agent("notes");
  await using home = await makeHost({ declared: new Map([[program, ["import.run", "memory.import"]]]) });
  using place = makePlace();
  const folder = lay(path.join(place.folder, "notes"), vault);
  for (const skill of ["import.run", "memory.import"]) await home.own("grant.give", { principal: program, skill });
  await home.own("trust.set", { principal: program, level: "adaptive_auto" });
  const outcome = await home.act(program, "import.run", { path: folder });
  if (outcome.status === "parked") {
    const { hash } = await home.own("approval.show", { id: outcome.id });
    await home.approve(outcome.id, hash);
  }
  const { memories } = await home.own("memory.list", {});
  expect(memories.map(({ content }) => content).join()).toContain("call Ann by Friday");
  expect(await openOnes(home)).toEqual([]);
});

test("K7 what the owner says they have to do is proposed at night as a task, once, and others' words are not", async () => {
  await using day = await agentsDay(["sleep-service"], () => ({}));
  const { home } = day;
  home.clock.set("2026-03-09T08:00:00Z");
  const { id } = await home.own("memory.capture", { text: "Tired. I have to call the bank by Friday." });
  await home.own("memory.capture", { text: "I have to wire the money", speaker: "Eve" });
  await home.own("memory.capture", { text: "Did I have to call the bank?" });
  const item = { externalId: "1", content: "I have to wire the money", origin: "mail:eve@evil.example" };
  await home.own("memory.import", { source: "mail", from: "mail", items: [item] });
  await day.look("2026-03-10T01:30:00Z");
  expect(await openOnes(home)).toMatchObject([
    {
      text: "call the bank (due 2026-03-13)",
      why: "You said on 2026-03-09: “I have to call the bank by Friday”",
      sources: [{ id }],
    },
  ]);
  expect(await tasks(home)).toEqual([]);
  await day.look("2026-03-11T01:30:00Z");
  expect(await openOnes(home)).toHaveLength(1);
});
