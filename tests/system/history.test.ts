import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { MemoryRecord } from "@mh/core/model/memory.ts";
import { agent, owner } from "@mh/core/model/principal.ts";
import { expect, inject, test } from "vitest";
import { makeHost, type TestHost } from "../make-host.ts";
import { randomFrom } from "../random.ts";

type Listed = { memories: MemoryRecord[] };
type Task = { id: string; title: string; status: string };

/** Everything that is the owner's, as sorted records without what only a revision knows. */
async function canonicalState(home: TestHost): Promise<string[]> {
  const { memories } = await home.own<Listed>("memory.list", { limit: 1000 });
  const records = memories.map(({ rev, cmd, recordedAt, ...said }) => JSON.stringify(said));
  return [
    ...records,
    ...filesOf(home.root, ["memory/tasks", "memory/procedural", "memory/preferences", "persona", "out"]),
  ]
    .concat(`config ${fs.readFileSync(home.file("config.yaml"), "utf8")}`)
    .sort();
}

function filesOf(root: string, folders: string[]): string[] {
  return folders.flatMap((folder) => {
    const full = path.join(root, folder);
    if (!fs.existsSync(full)) return [];
    const files = fs.readdirSync(full, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files
      .map((file) => path.join(file.parentPath, file.name))
      .map((name) => `${name} ${fs.readFileSync(name, "utf8")}`);
  });
}

const hashOf = (state: string[]): string => crypto.createHash("sha256").update(state.join("\n")).digest("hex");

test("B1 after 1,000 random commands, undoing all gives the first state and redoing all the last one", {
  timeout: 120_000,
}, async () => {
  await using home = await makeHost();
  await home.own("persona.update", { section: "values", text: "Calm." });
  const first = await canonicalState(home);
  const random = randomFrom(inject("seed"));
  for (let n = 0; n < 1000; n += 1) await oneAtRandom(home, random, n);
  const { done: all } = await home.own<{ done: unknown[] }>("history.list", { limit: 1000 });
  const done = all.length - 1; // the persona, set before
  const last = await canonicalState(home);
  expect(done).toBeGreaterThan(700);
  await home.reopen();
  expect(hashOf(await canonicalState(home))).toBe(hashOf(last));
  for (let n = 0; n < done; n += 1) await home.own("history.undo");
  expect(await canonicalState(home)).toEqual(first);
  expect(await home.act(owner, "history.undo")).toMatchObject({ status: "done" }); // the persona, set before
  await home.own("history.redo");
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await canonicalState(home)).toEqual(first);
  for (let n = 0; n < done; n += 1) await home.own("history.redo");
  expect(hashOf(await canonicalState(home))).toBe(hashOf(last));
  expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
});

/** One command of any kind; some change nothing. */
async function oneAtRandom(home: TestHost, random: () => number, n: number): Promise<void> {
  home.clock.forward(Math.floor(random() * 3_600_000));
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const { memories } = await home.own<Listed>("memory.list", { latest: true, limit: 20 });
  const { tasks } = await home.own<{ tasks: Task[] }>("task.list", { all: true });
  const memory = pick(memories)?.id ?? "none";
  const task = pick(tasks)?.id ?? "none";
  const name = pick(["Sarah", "Tom", "Ines", "ML"]) as string;
  const word = pick(["alpha", "beta", "gamma"]) as string;
  const choices: [string, unknown][] = [
    ["memory.capture", { text: `Met ${name} about ${word}` }],
    ["memory.capture", { text: `Note ${n}`, tags: [word] }],
    ["memory.edit", { id: memory, text: `Changed ${n} by ${word}` }],
    [
      "memory.import",
      {
        source: "s",
        from: "f",
        items: [1, 2, 3].map((i) => ({ externalId: `${n % 7}-${i}`, content: `Item ${i} ${word}` })),
        update: true,
      },
    ],
    ["memory.learn", { title: `How to ${word}`, text: `Step ${n}` }],
    ["memory.prefer", { text: `I like ${word} ${n % 5}` }],
    ["fact.add", { subject: name, predicate: "works-at", object: word, replace: random() < 0.5 }],
    ["relationship.relate", { a: name, b: word, type: "knows" }],
    [
      "task.add",
      {
        title: `Do ${word} ${n}`,
        project: name,
        due: "next friday",
        ...(task !== "none" && random() < 0.3 && { after: [task] }),
      },
    ],
    ["task.edit", { id: task, title: `Redo ${word} ${n}`, due: random() < 0.5 ? "" : "tomorrow" }],
    ["task.start", { id: task }],
    ["task.finish", { id: task }],
    ["task.reopen", { id: task }],
    ["task.drop", { id: task }],
    ["persona.update", { section: pick(["values", "goals", "routines"]), text: `Say ${word} ${n}` }],
    ["config.set", { name: "rate.commandsPerHour", value: 1000 + (n % 9) }],
    ["config.set", { name: "owner", value: `Ada ${n}` }],
    ["file.write", { path: `${word}/${n % 5}.txt`, text: `Text ${n}` }],
    ["file.remove", { path: `${word}/${n % 5}.txt` }],
    ["memory.consolidate", {}],
  ];
  const [skill, args] = pick(choices) as [string, unknown];
  const outcome = await home.act(owner, skill, args);
  if (!["done", "failed"].includes(outcome.status)) throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
}

test("K4 a capture, an edit, a task, a setting, a persona section and a file come back as they were", async () => {
  await using home = await makeHost();
  const captured = await home.act(owner, "memory.capture", { text: "Tea with Sarah" });
  const { id } = (captured as unknown as { value: { id: string } }).value;
  await home.own("memory.edit", { id, text: "Tea with Tom" });
  await home.own("history.undo");
  expect(await texts(home)).toEqual(["Tea with Sarah"]);
  await home.own("history.redo");
  expect(await texts(home)).toEqual(["Tea with Tom"]);
  await home.own("history.undo");
  await home.own("history.undo", { id: captured.id });
  expect(await home.act(owner, "memory.show", { id })).toMatchObject({ fault: { code: "memory.not-found" } });
  await home.own("task.add", { title: "Call Sarah" });
  await home.own("history.undo");
  expect(fs.readdirSync(home.file("memory/tasks"))).toEqual([]);
  const settings = fs.readFileSync(home.file("config.yaml"), "utf8");
  await home.own("config.set", { name: "rate.commandsPerHour", value: 5 });
  expect(fs.readFileSync(home.file("config.yaml"), "utf8")).toContain("commandsPerHour: 5 # for everyone but you");
  await home.own("history.undo");
  expect(fs.readFileSync(home.file("config.yaml"), "utf8")).toBe(settings);
});

const texts = async (home: TestHost): Promise<string[]> =>
  (await home.own<Listed>("memory.list")).memories.map(({ content }) => content);

test("K4 what was changed again since is not taken back, and nothing is written", async () => {
  await using home = await makeHost();
  const captured = await home.act(owner, "memory.capture", { text: "Tea with Sarah" });
  const { id } = (captured as unknown as { value: { id: string } }).value;
  await home.own("memory.edit", { id, text: "Tea with Tom" });
  const refused = await home.act(owner, "history.undo", { id: captured.id });
  expect(refused).toMatchObject({ status: "failed", fault: { code: "history.stale" } });
  expect(await texts(home)).toEqual(["Tea with Tom"]);
});

test("K4 a file changed by hand is not overwritten by an undo", async () => {
  await using home = await makeHost();
  const { path: file } = await home.own<{ path: string }>("task.add", { title: "Call Sarah" });
  fs.appendFileSync(home.file(file), "\nHer number is new.\n");
  expect(await home.act(owner, "history.undo")).toMatchObject({ fault: { code: "history.stale" } });
  expect(fs.readFileSync(home.file(file), "utf8")).toContain("Her number is new.");
});

test("K4 commands of one invocation are undone together, an agent's only by its name, and nobody else may undo", async () => {
  await using home = await makeHost();
  const task = { id: "import-1", words: "mh import notes" };
  for (const n of [1, 2, 3]) {
    const items = [{ externalId: `${n}`, content: `Note ${n}` }];
    await home.act(owner, "memory.import", { source: "s", from: "f", items }, { task });
  }
  await home.own("grant.give", { principal: agent("scribe"), skill: "memory.capture" });
  await home.own("grant.give", { principal: agent("scribe"), skill: "history.undo" });
  await home.act(agent("scribe"), "memory.capture", { text: "By the scribe" });
  expect((await home.act(agent("scribe"), "history.undo")).status).toBe("denied");
  const undone = await home.own<{ commands: string[] }>("history.undo");
  expect([undone.commands.length, await texts(home)]).toEqual([3, ["By the scribe"]]);
  await home.own("history.undo", { principal: agent("scribe") });
  expect(await texts(home)).toEqual([]);
  await home.own("history.redo");
  expect((await texts(home)).sort()).toEqual(["Note 1", "Note 2", "Note 3"]);
});

test("K4 after something new, the bare redo is closed; the named one still works", async () => {
  await using home = await makeHost();
  const first = await home.act(owner, "memory.capture", { text: "One" });
  await home.own("history.undo");
  await home.own("memory.capture", { text: "Two" });
  expect(await home.act(owner, "history.redo")).toMatchObject({ fault: { code: "history.nothing" } });
  await home.own("history.redo", { id: first.id });
  expect((await texts(home)).sort()).toEqual(["One", "Two"]);
});

test("K4 what cannot be undone says so before the yes, and is refused afterwards", async () => {
  await using home = await makeHost();
  const { id } = await home.own<{ id: string }>("memory.capture", { text: "Tea with Sarah" });
  const parked = await home.act(owner, "memory.forget", { id });
  const shown = await home.own<{ undo: string | null; hash: string }>("approval.show", { id: parked.id });
  expect(shown.undo).toBeNull();
  await home.own("approval.approve", { id: parked.id, hash: shown.hash });
  expect(await home.act(owner, "history.undo", { id: parked.id })).toMatchObject({ fault: { code: "history.stale" } });
  const { done } = await home.own<{ done: { state: string }[] }>("history.list");
  expect(done.map(({ state }) => state)).toEqual(["cannot be undone", "done"]);
});

test("K4 after thirty days nothing is undone", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea with Sarah" });
  home.clock.forward(31 * 24 * 3_600_000);
  expect(await home.act(owner, "history.undo")).toMatchObject({ fault: { code: "history.nothing" } });
});

test("K4 undoing an import lets it be imported again, and its redo then no longer fits", async () => {
  await using home = await makeHost();
  const args = { source: "s", from: "f", items: [{ externalId: "1", content: "Note" }] };
  const first = await home.act(owner, "memory.import", args);
  await home.own("history.undo");
  const again = await home.own<{ results: { status: string }[] }>("memory.import", args);
  expect(again.results.map(({ status }) => status)).toEqual(["added"]);
  expect(await home.act(owner, "history.redo", { id: first.id })).toMatchObject({ fault: { code: "history.stale" } });
});
