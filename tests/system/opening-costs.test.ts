import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";

test("R-15 opening asks the disk about each file once and does nothing else for one that is as it was", async () => {
  await using few = await filled(3);
  await using many = await filled(23);
  const [small, big] = [await workOf(few), await workOf(many)];
  expect(big.looks - small.looks).toBe(20);
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

/** A home with so many documents, which was closed in order and opened again. */
async function filled(tasks: number): Promise<TestHost> {
  const home = await makeHost();
  for (let n = 0; n < tasks; n += 1) await home.own("task.add", { title: `Task ${n}` });
  await home.reopen();
  return home;
}

/** What closing and opening a home take. */
async function workOf(home: TestHost): Promise<{ looks: number; reads: number; hashes: number; statements: number }> {
  const statement = Object.getPrototypeOf(new Sqlite(":memory:").prepare("SELECT 1")) as Sqlite.Statement;
  const looks = vi.spyOn(fs, "statSync");
  const reads = vi.spyOn(fs, "openSync");
  const hashes = vi.spyOn(nodeCrypto, "hmacHex");
  const statements = (["get", "all", "run", "iterate"] as const).map((each) => vi.spyOn(statement, each));
  const spies = [looks, reads, hashes, ...statements];
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
  const work = { looks: ofFiles(looks), reads: ofFiles(reads), hashes: all([hashes]), statements: all(statements) };
  restore();
  return work;
}
