import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost, testClock } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, inject, test } from "vitest";
import { diceFrom, seedOf } from "../fuzz/dice.ts";
import { embedding, others, told } from "../support/embedding-home.ts";
import { indexRows } from "../support/sequences/index-rows.ts";
import { closeQuietly } from "../support/simulation/close-quietly.ts";
import { FaultyDisk } from "../support/simulation/disk.ts";

/** Words in which every memory here says what it says, as text and as the name of a file. */
const secret = /quicksilver|zanzibar/i;
const words = "Quicksilver for Zanzibar";

interface Told {
  skill?: "chat.forget" | "decision.forget";
  /** What is forgotten: a memory, a chat or a decision. */
  id: string;
}

type Make = (home: TestHost) => Promise<Told>;

const idOf = (outcome: unknown): Told => ({ id: (outcome as { id: string }).id });

/** Things that say the words, with all that may say them besides. */
const kinds: [string, Make][] = [
  ["a memory", async (home) => idOf(await home.own("memory.capture", { text: words }))],
  [
    "a memory that was told in other words before",
    async (home) => {
      const told = idOf(await home.own("memory.capture", { text: words }));
      await home.own("memory.edit", { id: told.id, text: `${words}, by ship` });
      return told;
    },
  ],
  [
    "a note in Markdown",
    async (home) => {
      const told = idOf(await home.own("memory.learn", { title: words, text: words }));
      await home.own("memory.edit", { id: told.id, text: `${words}, by ship` });
      return told;
    },
  ],
  ["a preference", async (home) => idOf(await home.own("memory.prefer", { text: words }))],
  ["a fact", async (home) => idOf(await home.own("fact.add", { subject: words, predicate: "is", object: words }))],
  [
    "what a line beside it quotes that was set aside",
    async (home) => {
      const told = idOf(await home.own("memory.capture", { text: words }));
      fs.mkdirSync(home.file("logs/torn"), { recursive: true });
      fs.writeFileSync(home.file("logs/torn/memory-x.0"), `{"content":"${words}"\n{"content":"Tea`);
      return told;
    },
  ],
  [
    "a chat",
    async (home) => {
      const { id: chat } = await home.own("chat.start", { title: words });
      await home.own("chat.keep", { chat, text: words });
      await home.own("chat.keep", { chat, text: `${words} again` });
      return { skill: "chat.forget", id: chat };
    },
  ],
  [
    "a decision",
    async (home) => {
      const args = { situation: words, options: [{ name: words }, { name: "tea" }] };
      const { id } = await home.own<{ id: string }>("decision.make", args);
      await home.own("decision.correct", { id, option: "tea" });
      return { skill: "decision.forget", id };
    },
  ],
];

const step = process.env.CI ? 1 : 3;

for (const [n, [what, make]] of kinds.entries())
  test(`R-3 killed at whatever call while ${what} is forgotten: it is forgotten everywhere, or it is there`, async () => {
    const { base, what: forgotten } = await baseOf(make);
    const dice = diceFrom(seedOf(inject("seed"), n));
    const first = dice.below(step);
    const wrong: unknown[] = [];
    const ends = new Set<string>();
    for (let after = first; ; after += step) {
      await using copy = copyOf(base);
      const forgetting = await killedWhileForgetting(copy, forgotten, after);
      // A power cut may take the index with it, and recovery may be killed, too.
      const [isIndexLost, isKilledAgain] = [dice.chance(0.3), dice.chance(0.4)];
      if (isIndexLost) fs.rmSync(path.join(copy.folder, "home/memory/index"), { recursive: true, force: true });
      const again = isKilledAgain ? dice.below(30) : undefined;
      if (again !== undefined) await killed(copy, again, () => open(copy.folder));
      const found = await look(copy, forgetting.id);
      ends.add(found.isDone ? "forgotten" : "there");
      if (found.wrong.length > 0) wrong.push({ after, isIndexLost, again, ...found });
      if (!forgetting.isKilled) break;
    }
    fs.rmSync(base, { recursive: true });
    expect(wrong).toEqual([]);
    // A sample may begin after the tombstone; what no line says is forgotten as soon as the intent is on disk.
    const isByLines = forgotten.skill !== "decision.forget";
    expect([...ends].sort()).toEqual(
      (step === 1 && isByLines) || ends.has("there") ? ["forgotten", "there"] : ["forgotten"],
    );
  });

test("R-3 killed at whatever call while a memory with vectors is forgotten: no vector of it outlives it", async () => {
  await using made = await embedding();
  const [id = ""] = await told(made, [words, ...others.slice(0, 8)]);
  await made.home.own("memory.embed", {});
  await made.home.close();
  const base = path.dirname(made.home.root);
  const wrong: unknown[] = [];
  const ends = new Set<boolean>();
  for (let after = 0, isKilled = true; isKilled; after += step) {
    await using copy = copyOf(base);
    const vectors = () => rowsIn(path.join(copy.folder, "home/memory/index/vectors.db"), id);
    const before = vectors();
    const forgetting = await killedWhileForgetting(copy, { id }, after);
    isKilled = forgetting.isKilled;
    await using home = await open(copy.folder);
    const status = (await home.host.wait(forgetting.id))?.status ?? "";
    const isDone = ["done", "repeated"].includes(status);
    await home.close();
    ends.add(isDone);
    if (before !== 1 || (isDone && vectors() > 0)) wrong.push({ after, status, vectors: vectors() });
  }
  expect(wrong).toEqual([]);
  // It was forgotten where nobody killed it.
  expect(ends).toContain(true);
});

function rowsIn(file: string, memory: string): number {
  const db = new Sqlite(file);
  try {
    return db.prepare("SELECT count(*) FROM vectors WHERE memory = ?").pluck().get(memory) as number;
  } finally {
    db.close();
  }
}

/** A home that says it, in snapshots and kept values, too. */
async function baseOf(make: Make): Promise<{ base: string; what: Told }> {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), "mh-forget-"));
  await using home = await open(base);
  await home.own("memory.capture", { text: "The boiler was repaired" });
  const what = await make(home);
  await home.own("snapshot.create", { name: "before" });
  await home.own("memory.search", { q: "quicksilver" });
  return { base, what };
}

const open = (folder: string): Promise<TestHost> =>
  makeHost({ root: path.join(folder, "home"), environment: { HOME: folder }, clock: testClock() });

function copyOf(base: string): AsyncDisposable & { folder: string } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-forget-"));
  fs.cpSync(base, folder, { recursive: true, preserveTimestamps: true });
  return {
    folder,
    async [Symbol.asyncDispose]() {
      fs.rmSync(folder, { recursive: true });
    },
  };
}

async function killedWhileForgetting({ folder }: { folder: string }, told: Told, after: number) {
  const home = await open(folder);
  const id = home.host.newId();
  const { skill = "memory.forget" } = told;
  const args = skill === "chat.forget" ? { chat: told.id } : { id: told.id };
  const parked = await home.act("owner", skill, args, { id });
  if (parked.status !== "parked") throw new Error(`${skill}: ${JSON.stringify(parked)}`);
  const { hash } = await home.own("approval.show", { id });
  const isKilled = await killed({ folder }, after, async () => {
    await home.approve(id, hash).catch(() => undefined);
    return home;
  });
  return { id, isKilled };
}

/** Does what uses a home until the process is killed at one of its calls; gives whether it was. */
async function killed({ folder }: { folder: string }, after: number, use: () => Promise<TestHost>): Promise<boolean> {
  using disk = new FaultyDisk(folder, diceFrom(1), []);
  disk.plan([], { after, how: "kill", isTorn: false });
  const home = await use().catch(() => undefined);
  const isKilled = disk.isOver;
  disk.stop("kill");
  if (home) await closeQuietly(home);
  disk.restart();
  return isKilled;
}

async function look({ folder }: { folder: string }, id: string) {
  const wrong: string[] = [];
  const end: Outcome | undefined = await (async () => {
    await using home = await open(folder);
    return home.host.wait(id);
  })();
  const isDone = end?.status === "done" || end?.status === "repeated";
  const holding = () => filesSaying(folder);
  if (isDone && holding().length > 0) wrong.push(`the words are in ${holding().join(", ")}`);
  await using home = await open(folder);
  const damage = await home.own("damage.list", {});
  if (Object.values(damage).some((list) => list.length > 0)) wrong.push(`damage: ${JSON.stringify(damage)}`);
  await home.act("owner", "damage.restore", {});
  if (isDone && holding().length > 0) wrong.push(`repaired, the words are in ${holding().join(", ")}`);
  const { hits } = await home.own("memory.search", { q: "quicksilver" });
  const { chats } = await home.own("chat.list", {});
  const { decisions } = await home.own("decision.list", {});
  const found = JSON.stringify([hits, decisions]);
  if (secret.test(found) === isDone) wrong.push(`what is found: ${found}`);
  if (isDone && chats.length > 0) wrong.push(`chats: ${JSON.stringify(chats)}`);
  await home.close();
  const index = path.join(folder, "home/memory/index");
  const grown = indexRows(path.join(index, "index.db"));
  fs.rmSync(index, { recursive: true });
  await home.reopen();
  await home.close();
  const made = indexRows(path.join(index, "index.db"));
  for (const [table, rows] of Object.entries(made))
    if (!isDeepStrictEqual(rows, grown[table])) wrong.push(`a new index has another ${table}`);
  return { isDone, status: end?.status, wrong };
}

/** Files of a home in whose bytes or whose name the words are. */
function filesSaying(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return files
    .filter((file) => secret.test(path.basename(file)) || secret.test(fs.readFileSync(file, "latin1")))
    .map((file) => path.relative(folder, file));
}
