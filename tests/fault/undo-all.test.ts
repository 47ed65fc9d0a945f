import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { makeHost, randomFrom, type TestHost } from "@mh/testing";
import { expect, inject, test } from "vitest";

type Listed = { memories: MemoryRecord[] };
type Task = { id: string; title: string; status: string };

test("B1 after 1,000 random commands, undoing all gives the first state and redoing all the last one", async () => {
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
