import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";

test("R-15 opening asks the disk about each file once and does nothing else for one that is as it was", async () => {
  await using few = await filled(3);
  await using many = await filled(23);
  const [small, big] = [await workOf(few), await workOf(many)];
  // Of 20 more tasks, and of 20 more days of memories.
  expect(big.looks - small.looks).toBe(40);
  expect({ ...big, looks: small.looks }).toEqual(small);
  expect(Math.min(small.looks, small.hashes, small.statements)).toBeGreaterThan(0);
  // That little is done is worth something only where a change is seen.
  const task = many.file("memory/tasks/task-7.md");
  fs.appendFileSync(task, "By hand.\n");
  fs.rmSync(many.file("memory/tasks/task-8.md"));
  await many.reopen();
  const { documents } = many.host.report.memories;
  expect(documents.adopted.map(({ path }) => path)).toEqual(["memory/tasks/task-7.md"]);
  expect(documents.missing).toEqual(["memory/tasks/task-8.md"]);
});

test("R-15 in whatever order the disk gives names, each file is compared with how it was known", async () => {
  await using home = await filled(3);
  // SQLite has the last of these before the one above it, and a folder comes before what is longer than its name.
  const names = ["a.md", "a/b.md", "a-b.md", "z.md", "\u{FF5E}.md", "\u{1F600}.md"];
  for (const name of names) {
    const file = home.file(`memory/tasks/${name}`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `# Errand ${names.indexOf(name)}\n`);
  }
  const seen = async () => {
    await home.reopen();
    const { adopted, missing, renamed } = home.host.report.memories.documents;
    return { adopted: adopted.map((each) => each.path).sort(), missing, renamed };
  };
  const at = (name: string) => `memory/tasks/${name}`;
  expect((await seen()).adopted).toEqual(names.map(at).sort());
  expect(await seen()).toEqual({ adopted: [], missing: [], renamed: [] });
  for (const name of names) fs.appendFileSync(home.file(at(name)), "By hand.\n");
  expect((await seen()).adopted).toEqual(names.map(at).sort());
  for (const name of names) fs.rmSync(home.file(at(name)));
  expect((await seen()).missing.sort()).toEqual(names.map(at).sort());
});

/** A home with so many documents and days of memories, which was closed in order and opened again. */
async function filled(count: number): Promise<TestHost> {
  const home = await makeHost();
  // All of them lie in the folder of one month.
  home.clock.set("2027-01-01T10:00:00Z");
  for (let n = 0; n < count; n += 1) {
    await home.own("task.add", { title: `Task ${n}` });
    await home.own("memory.capture", { text: `Entry ${n}` });
    home.clock.forward(24 * 3_600_000);
  }
  await home.reopen();
  return home;
}

/** What closing and opening a home take. */
async function workOf(home: TestHost): Promise<{ looks: number; reads: number; hashes: number; statements: number }> {
  const statement = Object.getPrototypeOf(new Sqlite(":memory:").prepare("SELECT 1")) as Sqlite.Statement;
  const looks = (["statSync", "lstatSync"] as const).map((each) => vi.spyOn(fs, each));
  const reads = vi.spyOn(fs, "openSync");
  const hashes = vi.spyOn(nodeCrypto, "hmacHex");
  const statements = (["get", "all", "run", "iterate"] as const).map((each) => vi.spyOn(statement, each));
  const spies = [...looks, reads, hashes, ...statements];
  const restore = () => {
    for (const spy of spies) spy.mockRestore();
    syncBuiltinESMExports();
  };
  onTestFinished(restore);
  syncBuiltinESMExports();
  await home.reopen();
  // What is done to the log and the index is no matter of how many files there are.
  const ofFiles = (spy: { mock: { calls: readonly (readonly unknown[])[] } }) =>
    spy.mock.calls.filter(([file]) => /\/memory\/(?!index)/.test(String(file))).length;
  const all = (of: readonly { mock: { calls: readonly unknown[] } }[]) =>
    of.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  const looked = looks.reduce((sum, each) => sum + ofFiles(each), 0);
  const work = { looks: looked, reads: ofFiles(reads), hashes: all([hashes]), statements: all(statements) };
  restore();
  return work;
}
