import * as fs from "node:fs";
import * as path from "node:path";
import type { Damage } from "@mh/contract/history.ts";
import type { Relationship } from "@mh/contract/relationships.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";

type Listed = { memories: MemoryRecord[] };
type Hits = { hits: { record: MemoryRecord }[] };
const secret = "xylophone";

/** Every byte of a home that still holds a word. */
function filesWith(home: TestHost, word: string): string[] {
  const entries = fs.readdirSync(home.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
  return files.filter((file) => fs.readFileSync(file).includes(word)).map((file) => path.relative(home.root, file));
}

const kinds: [kind: string, store: (home: TestHost) => Promise<{ id: string }>][] = [
  ["episodic", (home) => home.own("memory.capture", { text: `Heard the ${secret}` })],
  ["semantic", (home) => home.own("fact.add", { subject: "Sarah", predicate: "plays", object: `the ${secret}` })],
  ["procedural", (home) => home.own("memory.learn", { title: `Tune the ${secret}`, text: "Listen first." })],
  ["preference", (home) => home.own("memory.prefer", { text: `No ${secret} before ten` })],
];

test.for(kinds)(
  "H5 a memory of kind %s is stored, found, shown, edited, and forgotten everywhere",
  async ([kind, store]) => {
    await using home = await makeHost();
    const { id } = await store(home);
    const found = await home.own<Hits>("memory.search", { q: secret });
    expect(found.hits.map(({ record }) => [record.id, record.kind])).toEqual([[id, kind]]);
    expect((await home.own<Listed>("memory.list", { kinds: [kind] })).memories.map((m) => m.id)).toEqual([id]);
    await home.own("snapshot.create", { name: "before" });
    await home.own("memory.edit", { id, text: `Another ${secret}, corrected` });
    const { memory } = await home.own<{ memory: MemoryRecord }>("memory.show", { id });
    expect(memory.content).toContain("corrected");
    await home.own("history.undo");
    await forget(home, id);
    expect(await home.act(owner, "memory.show", { id })).toMatchObject({ fault: { code: "memory.forgotten" } });
    expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
    await home.close();
    expect(filesWith(home, secret)).toEqual([]);
    fs.rmSync(home.file("memory/index"), { recursive: true });
    await home.reopen();
    expect(await home.act(owner, "memory.show", { id })).toMatchObject({ fault: { code: "memory.forgotten" } });
    expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
  },
);

test("H5 files edited or made by hand are picked up, whatever kind they are", async () => {
  await using home = await makeHost();
  const { path: task } = await home.own<{ path: string }>("task.add", { title: "Call Sarah" });
  const { path: note } = await home.own<{ path: string }>("memory.prefer", { text: "Tea" });
  await home.close();
  fs.writeFileSync(home.file(task), fs.readFileSync(home.file(task), "utf8").replace("Call Sarah", "Call Tom"));
  fs.appendFileSync(home.file(note), "And coffee on Sundays.\n");
  fs.mkdirSync(home.file("memory/procedural"), { recursive: true });
  fs.writeFileSync(home.file("memory/procedural/bread.md"), "Knead, wait, bake.\r\n");
  fs.writeFileSync(home.file("memory/tasks/Buy flour.md"), "---\ndue: 2026-03-04\n---\n");
  fs.writeFileSync(home.file("persona/values.md"), "Calm.\n");
  await home.reopen();
  const { tasks } = await home.own<{ tasks: { title: string; due: string | null }[] }>("task.list");
  expect(tasks.map(({ title, due }) => [title, due])).toEqual([
    ["Buy flour", "2026-03-04"],
    ["Call Tom", null],
  ]);
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories.map(({ content }) => content).sort()).toEqual(["Knead, wait, bake.", "Tea\nAnd coffee on Sundays."]);
  expect(await home.own("persona.show")).toMatchObject({ sections: [{ section: "values", text: "Calm.\n" }] });
  expect(home.host.report.memories.documents.adopted.map((each) => each.path).sort()).toEqual([
    "memory/preferences/tea.md",
    "memory/procedural/bread.md",
    "memory/tasks/Buy flour.md",
    "memory/tasks/call-sarah.md",
    "persona/values.md",
  ]);
});

test("H4 a relationship reads from both ends, and whoever is mentioned together is reported", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Met with Sarah about the ML project" });
  await home.own("relationship.relate", { a: "Sarah", b: "ML project", type: "works-on", since: "2026-03-01" });
  type Shown = { relationships: Relationship[]; together: { name: string }[] };
  const fromHer = await home.own<Shown>("relationship.show", { name: "sarah" });
  const fromIt = await home.own<Shown>("relationship.show", { name: "ML project" });
  const told = [fromHer, fromIt].map(({ relationships }) =>
    relationships.map(({ direction, type, other }) => [direction, type, other]),
  );
  expect(told).toEqual([[["out", "works-on", "ML project"]], [["in", "works-on", "Sarah"]]]);
  expect(fromHer.together.map(({ name }) => name)).toContain("ML project");
});

test("H4 consolidating loses no id: the count before is the count after and what was retracted, and an import knows it", async () => {
  await using home = await makeHost();
  const at = "2026-03-01T10:00:00Z";
  const args = (source: string) => ({
    source,
    from: source,
    items: [1, 2, 3].map((n) => ({ externalId: `${n}`, content: `Note ${n}`, at })),
  });
  for (const source of ["phone", "laptop", "tablet"]) await home.own("memory.import", args(source));
  const before = (await home.own<Listed>("memory.list")).memories.map(({ id }) => id);
  await home.own("memory.consolidate");
  const after = (await home.own<Listed>("memory.list")).memories;
  const stats = await home.own<{ retracted: number }>("memory.stats");
  expect([before.length, after.length, stats.retracted]).toEqual([9, 3, 6]);
  const kept = after.flatMap(({ id, links }) => [id, ...links.map(({ to }) => to)]);
  expect(kept.sort()).toEqual([...before].sort());
  const again = await home.own<{ results: { status: string }[] }>("memory.import", args("tablet"));
  expect(again.results.map(({ status }) => status)).toEqual(["duplicate", "duplicate", "duplicate"]);
  await home.own("history.undo");
  expect((await home.own<Listed>("memory.list")).memories.map(({ id }) => id)).toEqual(before);
});

test("K5 a fact that contradicts another is shown with it; replacing ends the older and keeps it", async () => {
  await using home = await makeHost();
  const stated = { subject: "Sarah", predicate: "works-at" };
  type Added = { id: string; contradicts: { object: string }[]; replaced: { object: string }[] };
  await home.own<Added>("fact.add", { ...stated, object: "Acme" });
  const against = await home.own<Added>("fact.add", { ...stated, object: "Lindau Energie" });
  expect(against.contradicts.map(({ object }) => object)).toEqual(["Acme"]);
  await home.own("history.undo");
  const replaced = await home.own<Added>("fact.add", {
    ...stated,
    object: "Lindau Energie",
    validFrom: "2026-03-01",
    replace: true,
  });
  expect([replaced.contradicts, replaced.replaced.map(({ object }) => object)]).toEqual([[], ["Acme"]]);
  const { memories } = await home.own<Listed>("memory.list", { kinds: ["semantic"] });
  expect(memories.map(({ fact }) => [fact?.object, fact?.validFrom, fact?.validTo])).toEqual([
    ["Acme", undefined, "2026-03-01"],
    ["Lindau Energie", "2026-03-01", undefined],
  ]);
});

test("K6 a line deleted by hand is damage, not forgetting: it still answers, and is put back or let go", async () => {
  await using home = await makeHost();
  for (const text of ["Tea with Sarah", "Tea with Tom", "Tea with Ines"]) await home.own("memory.capture", { text });
  const file = home.file("memory/episodic/2026/03/02.ndjson");
  const withoutTom = () => {
    const kept = fs
      .readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => !line.includes("Tom"));
    fs.writeFileSync(file, kept.join("\n"));
  };
  await home.close();
  withoutTom();
  await home.reopen();
  const { lines } = await home.own<Damage>("damage.list");
  expect(lines.map(({ isLive, rev }) => [isLive, rev])).toEqual([[true, 1]]);
  expect((await home.own<Hits>("memory.search", { q: "Tom" })).hits).toHaveLength(1);
  await home.own("damage.restore");
  expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
  expect(fs.readFileSync(file, "utf8")).toContain("Tea with Tom");
  await home.close();
  withoutTom();
  await home.reopen();
  await home.own("damage.accept");
  expect(fs.readFileSync(file, "utf8")).toContain('"why":"removed by hand"');
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
  expect((await home.own<Listed>("memory.list")).memories.map(({ content }) => content)).toEqual([
    "Tea with Sarah",
    "Tea with Ines",
  ]);
});

test("K6 lines that are gone together with the index are still missed, by the log's count", async () => {
  await using home = await makeHost();
  const kept = await home.own<{ id: string }>("memory.capture", { text: "Tea with Sarah" });
  const lost = await home.act(owner, "memory.capture", { text: "Tea with Tom" });
  await home.close();
  const file = home.file("memory/episodic/2026/03/02.ndjson");
  fs.writeFileSync(file, `${fs.readFileSync(file, "utf8").split("\n")[0]}\n`);
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [{ cmd: lost.id, lines: 1 }], documents: [] });
  expect((await home.own<Listed>("memory.list")).memories.map(({ id }) => id)).toEqual([kept.id]);
  await home.own("damage.accept");
  expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
});

test("K6 a snapshot brings back what was lost or changed, keeps what came since, and leaves out what was forgotten", async () => {
  await using home = await makeHost();
  const ids: string[] = [];
  for (const text of ["Tea with Sarah", "Tea with Tom", "Tea with Ines"]) {
    ids.push((await home.own<{ id: string }>("memory.capture", { text })).id);
  }
  const { path: task } = await home.own<{ path: string }>("task.add", { title: "Call Sarah" });
  const { name } = await home.own<{ name: string }>("snapshot.create");
  await home.own("memory.edit", { id: ids[0], text: "Coffee with Sarah" });
  await forget(home, ids[2]);
  await home.own("memory.capture", { text: "Tea with Ada" });
  await home.close();
  fs.rmSync(home.file("memory/episodic"), { recursive: true });
  fs.rmSync(home.file("memory/index"), { recursive: true });
  fs.rmSync(home.file(task));
  await home.reopen();
  const restored = await home.own("snapshot.restore", { name });
  expect(restored).toEqual({ brought: 2, reverted: 0, documents: 1, same: expect.any(Number), forgotten: 0 });
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories.map(({ content }) => content)).toEqual(["Tea with Sarah", "Tea with Tom"]);
  expect(fs.existsSync(home.file(task))).toBe(true);
});

test("H23 what is corrupt is named and set aside, and everything else works", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea with Sarah" });
  await home.own("memory.capture", { text: "Tea with Tom" });
  const { path: task } = await home.own<{ path: string }>("task.add", { title: "Call Sarah" });
  await home.close();
  const file = home.file("memory/episodic/2026/03/02.ndjson");
  const [first, second] = fs.readFileSync(file, "utf8").split("\n");
  fs.writeFileSync(file, `${first?.slice(0, 40)}\u0000garbage\n${second}\n`);
  fs.writeFileSync(home.file(task), "---\nstatus: perhaps\n---\n");
  fs.writeFileSync(home.file("config.yaml"), "owner: Ada\ntimeZone: Nowhere/City\n");
  await home.reopen();
  const { badLines, documents } = home.host.report.memories;
  expect(badLines).toEqual([{ path: "memory/episodic/2026/03/02.ndjson", line: 1, reason: "it is not JSON" }]);
  expect(documents.broken.map(({ path, reason }) => [path, /line \d+/.exec(reason)?.[0]])).toEqual([
    ["config.yaml", "line 2"],
    [task, "line 2"],
  ]);
  // The last good ones answer.
  expect((await home.own<Hits>("memory.search", { q: "Sarah" })).hits).toHaveLength(1);
  expect(await home.own("task.list")).toMatchObject({ tasks: [{ title: "Call Sarah", status: "open" }] });
  expect(await home.own("config.show")).toMatchObject({ inForce: { owner: "Ada", timeZone: "Europe/Berlin" } });
  await home.own("memory.capture", { text: "Still here" });
  expect(await home.own("damage.restore")).toMatchObject({ memories: 1, setAside: 1 });
  await home.reopen();
  expect(home.host.report.memories.badLines).toEqual([]);
  expect(filesWith(home, "garbage").filter((name) => name.startsWith("logs/torn/"))).toHaveLength(1);
});

test("a bound that is loosened by hand waits for the owner, a stricter one bites at once", async () => {
  await using home = await makeHost();
  const inForce = async () =>
    (await home.own<{ inForce: { rate: { commandsPerHour: number } } }>("config.show")).inForce.rate.commandsPerHour;
  const write = (n: number) =>
    fs.writeFileSync(home.file("config.yaml"), `owner: Ada\nrate:\n  commandsPerHour: ${n}\n`);
  write(2000);
  expect(await inForce()).toBe(1000);
  write(10);
  expect(await inForce()).toBe(10);
  write(2000);
  await home.reopen();
  expect(await inForce()).toBe(1000);
  await home.own("config.adopt");
  expect(await inForce()).toBe(2000);
});

test("H5 a file renamed by hand is the same task, a copy with the same id is named as broken", async () => {
  await using home = await makeHost();
  const { id, path: task } = await home.own<{ id: string; path: string }>("task.add", { title: "Call Sarah" });
  await home.close();
  fs.renameSync(home.file(task), home.file("memory/tasks/Sarah.md"));
  await home.reopen();
  expect(home.host.report.memories.documents).toMatchObject({
    renamed: [{ from: task, to: "memory/tasks/Sarah.md" }],
    missing: [],
    broken: [],
  });
  await home.own("task.edit", { id, title: "Call Sarah back" });
  await home.close();
  fs.copyFileSync(home.file("memory/tasks/Sarah.md"), home.file("memory/tasks/Tom.md"));
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  const { broken, missing } = home.host.report.memories.documents;
  expect([missing, broken.map(({ path }) => path)]).toEqual([[], ["memory/tasks/Tom.md"]]);
  expect(await home.own("task.list")).toMatchObject({ tasks: [{ id, title: "Call Sarah back" }] });
});

test("H5 forgetting finds the words in what was set aside, too", async () => {
  await using home = await makeHost();
  const { id } = await home.own<{ id: string }>("memory.capture", { text: `Heard the ${secret}` });
  await home.close();
  const file = home.file("memory/episodic/2026/03/02.ndjson");
  fs.writeFileSync(file, `${fs.readFileSync(file, "utf8").trimEnd().slice(0, -1)}\n`);
  await home.reopen();
  await home.own("damage.restore");
  expect(filesWith(home, secret).filter((name) => name.startsWith("logs/torn"))).toHaveLength(1);
  await forget(home, id);
  await home.close();
  expect(filesWith(home, secret)).toEqual([]);
});

test.each([true, false])(
  "H5 forgetting finds what a document said while its file had another name (edited before: %s)",
  async (isEdited) => {
    await using home = await makeHost();
    const { id, path: file } = await home.own<{ id: string; path: string }>("memory.prefer", { text: `No ${secret}` });
    if (isEdited) await home.own("memory.edit", { id, text: `Never a ${secret}` });
    await home.own("snapshot.create", { name: "before" });
    await home.close();
    fs.renameSync(home.file(file), home.file("memory/preferences/quiet.md"));
    await home.reopen();
    await home.own("memory.edit", { id, text: `A ${secret} at noon` });
    await forget(home, id);
    await home.close();
    expect(filesWith(home, secret)).toEqual([]);
  },
);

test("K4 a note that was forgotten does not stand in the way of undoing what was done before it", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea with Sarah" });
  const { id } = await home.own("memory.learn", { title: "Tea", text: "Boil, wait, pour." });
  await forget(home, id);
  expect(await home.own("history.undo", {})).toMatchObject({ skill: "memory.capture" });
  expect((await home.own<Listed>("memory.list")).memories).toEqual([]);
});
