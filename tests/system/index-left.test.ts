import * as fs from "node:fs";
import { faultOf } from "@mh/core/kernel/fault-of.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, inject, test } from "vitest";
import { diceFrom } from "../fuzz/dice.ts";

/** Ten questions, with numbers that a page of another time would change. */
async function answers(home: TestHost): Promise<unknown> {
  return {
    all: (await home.own("memory.list", { limit: 1000 })).memories.map(({ content }) => content),
    river: (await home.own("memory.search", { q: "river", k: 100 })).hits.length,
    people: await home.own("relationship.list", {}),
    tasks: (await home.own("task.list", { all: true })).tasks.map(({ title }) => title),
    grants: await home.own("grant.list", { all: true }),
    approvals: (await home.own("approval.list", { all: true })).approvals.length,
    done: (await home.own("history.list", { limit: 1000 })).done.length,
    stats: await home.own("memory.stats", {}),
    damage: await home.own("damage.list", {}),
    settings: (await home.own("config.show", {})).inForce,
  };
}

/** A home that is closed, its index, and the index as it was some commands before. */
async function twoTimes() {
  const home = await makeHost();
  for (let n = 0; n < 20; n += 1) await home.own("memory.capture", { text: `Walk ${n} by the river with Tom` });
  await home.close();
  const index = home.file("memory/index/index.db");
  const older = fs.readFileSync(index);
  await home.reopen();
  for (let n = 20; n < 40; n += 1) await home.own("memory.capture", { text: `Walk ${n} by the river with Sarah` });
  await home.own("task.add", { title: "Call Tom" });
  await home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
  const before = await answers(home);
  await home.close();
  return { home, index, older, before };
}

/** A home that is closed, and its index as a process left it that was killed: what it was, and what it answered. */
async function killed() {
  const { home, index } = await twoTimes();
  await home.reopen();
  await home.own("memory.capture", { text: "The last one" });
  const before = await answers(home);
  const left = ["", "-wal", "-left"].map((ending) => [index + ending, fs.readFileSync(index + ending)] as const);
  await home.close();
  return { home, index, left, before };
}

const pageBytes = 4096;

test("R-13 an index with one page of another time is made anew and answers the same, whatever its times say", async () => {
  const { home, index, older, before } = await twoTimes();
  await using _ = home;
  const stale = Array.from({ length: older.length / pageBytes }, (_, n) => n * pageBytes).filter(
    (at) => !older.subarray(at, at + pageBytes).equals(fs.readFileSync(index).subarray(at, at + pageBytes)),
  );
  const step = process.env.CI ? 1 : 6;
  const wrong: unknown[] = [];
  for (let n = diceFrom(inject("seed")).below(step); n < stale.length; n += step) {
    const at = stale[n] as number;
    const { atime, mtime } = fs.statSync(index);
    const bytes = fs.readFileSync(index);
    const page = older.subarray(at, at + pageBytes);
    // A rebuild may have put something else here.
    if (bytes.subarray(at, at + pageBytes).equals(page)) continue;
    page.copy(bytes, at);
    fs.writeFileSync(index, bytes);
    fs.utimesSync(index, atime, mtime);
    await home.reopen();
    const { rebuilt } = home.host.report;
    const found = JSON.stringify(await answers(home));
    if (!rebuilt || found !== JSON.stringify(before)) wrong.push({ at, rebuilt, found });
    await home.close();
  }
  expect(stale.length).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});

test("R-13 an older index that is put back with no note of its own is made anew, and one with it is read on from", async () => {
  const { home, index, older, before } = await twoTimes();
  await using _ = home;
  fs.writeFileSync(index, older);
  await home.reopen();
  expect(home.host.report.rebuilt).toBe("the index is not as it was left");
  expect(await answers(home)).toEqual(before);
  await home.close();
  const [bytes, note] = [fs.readFileSync(index), fs.readFileSync(`${index}-left`)];
  const { atime, mtime } = fs.statSync(index);
  await home.reopen();
  await home.own("memory.capture", { text: "One more" });
  const after = await answers(home);
  await home.close();
  fs.writeFileSync(index, bytes);
  fs.utimesSync(index, atime, mtime);
  fs.writeFileSync(`${index}-left`, note);
  await home.reopen();
  expect(await answers(home)).toEqual(after);
});

test("R-13 an index that a killed process had open is gone on with, and made anew where its log of changes is gone", async () => {
  const { home, index, left, before } = await killed();
  await using _ = home;
  for (const isLogGone of [false, true]) {
    for (const [file, bytes] of left) fs.writeFileSync(file, bytes);
    if (isLogGone) fs.rmSync(`${index}-wal`);
    await home.reopen();
    expect(home.host.report.rebuilt).toBe(isLogGone ? "a part of the index is gone" : undefined);
    expect(await answers(home)).toEqual(before);
    await home.close();
  }
  const [, , [note]] = left as [unknown, unknown, readonly [string, Buffer]];
  fs.writeFileSync(note, JSON.stringify({ boot: "another" }));
  await home.reopen();
  expect(home.host.report.rebuilt).toBe("the machine went down while the index was open");
  expect(await answers(home)).toEqual(before);
});

test("R-13 an error of the index itself is told as that, and no other is", () => {
  const db = new Sqlite(":memory:");
  db.exec("CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE); INSERT INTO a VALUES (1, 'x')");
  db.exec("CREATE VIRTUAL TABLE words USING fts5 (text)");
  const codeOf = (sql: string) => {
    try {
      db.exec(sql);
      return "done";
    } catch (error) {
      return faultOf(error).code;
    }
  };
  const ofItself = ["INSERT INTO a VALUES (2, 'x')", "SELECT * FROM b", "SELECT c FROM a", "SELECT json('{')"];
  expect(ofItself.map(codeOf)).toEqual(ofItself.map(() => "index.damaged"));
  expect(codeOf("SELECT * FROM words WHERE words MATCH '\"'")).toBe("skill.failed");
  db.close();
});

test("R-13 an index that was closed is gone on with, also where the home was refused in between", async () => {
  const { home, before } = await twoTimes();
  await using _ = home;
  const [name = ""] = fs.globSync("logs/audit/*.ndjson", { cwd: home.root });
  const log = fs.readFileSync(home.file(name));
  fs.writeFileSync(home.file(name), Buffer.concat([log, Buffer.from("{}\n")]));
  await expect(home.reopen()).rejects.toMatchObject({ code: "journal.damaged" });
  await expect(home.reopen()).rejects.toMatchObject({ code: "journal.damaged" });
  fs.writeFileSync(home.file(name), log);
  await home.reopen();
  expect(home.host.report.rebuilt).toBeUndefined();
  expect(await answers(home)).toEqual(before);
});

test("R-13 looking at a home that a killed process left takes nothing of its index away", async () => {
  const { home, left, before } = await killed();
  await using _ = home;
  for (const [file, bytes] of left) fs.writeFileSync(file, bytes);
  for await (const { message } of checkHome(home.root, home.environment)) expect(message).not.toBe("");
  await home.reopen();
  expect(home.host.report.rebuilt).toBeUndefined();
  expect(await answers(home)).toEqual(before);
});
