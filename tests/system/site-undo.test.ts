import * as fs from "node:fs";
import * as path from "node:path";
import type { AnyContract } from "@mh/contract/contract.ts";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const contracts = path.join(root, "packages/contract/src");
const site = path.join(root, "apps/site/src");

async function undoOfAll(): Promise<Map<string, string | null>> {
  const files = fs.readdirSync(contracts).filter((file) => /^[a-z-]+\.ts$/.test(file));
  const modules = await Promise.all(files.map((file) => import(path.join(contracts, file)) as Promise<object>));
  const all = modules.flatMap((each) => Object.values(each) as Partial<AnyContract>[]);
  return new Map(all.flatMap(({ name, undo }) => (name?.includes(".") && undo !== undefined ? [[name, undo]] : [])));
}

/** Each `change.make(…)` of the pages that names its skill. */
function changesMade(): { skill: string; file: string }[] {
  const files = fs
    .readdirSync(site, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|svelte)$/.test(file));
  return files.flatMap((file) => {
    const text = fs.readFileSync(path.join(site, file), "utf8");
    return [...text.matchAll(/\.make\(\s*"([a-z.]+)"/g)].map(([, skill = ""]) => ({ skill, file }));
  });
}

test("a page offers to undo what can be undone, and says of the rest that it is final", async () => {
  const undo = await undoOfAll();
  const made = changesMade();
  expect(made.length).toBeGreaterThan(10);
  for (const { skill, file } of made) {
    const isFinal = undo.get(skill) === null;
    const saysSo = fs.readFileSync(path.join(site, file), "utf8").includes("isFinal: true");
    expect({ skill, file, known: undo.has(skill), saysSo }).toEqual({ skill, file, known: true, saysSo: isFinal });
  }
});
