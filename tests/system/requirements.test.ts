import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { type Requirement, requirements } from "../../docs/requirements.ts";

const checkout = path.join(import.meta.dirname, "..", "..");

interface Claim {
  ids: string[];
  file: string;
  name: string;
}

const claims = claimsOf(["apps", "packages", "tests"].flatMap(testFilesIn));

test("every promise that is done, wholly or in part, has a test whose name begins with its id", () => {
  const claimed = new Set(claims.flatMap(({ ids }) => ids));
  const untested = Object.entries(requirements).filter(([id, { state }]) => state !== "planned" && !claimed.has(id));
  expect(untested.map(([id, { state }]) => `${id} is ${state} and has no test`)).toEqual([]);
});

test("no test claims a promise that there is not, one that is only planned, or two at once", () => {
  const faults = claims.flatMap((claim) => faultsOf(claim).map((fault) => `${claim.file}: ${claim.name}: ${fault}`));
  expect(faults).toEqual([]);
});

test("every promise of the families H, K, P, R, S, M, A, B and C stands there once, in order", () => {
  const counts = { H: 26, K: 18, P: 20, R: 6, S: 20, M: 10, A: 10, B: 10, C: 7 };
  const ids = Object.entries(counts).flatMap(([family, count]) =>
    Array.from({ length: count }, (_, n) => `${family}${n + 1}`),
  );
  expect(Object.keys(requirements)).toEqual(ids);
});

test("a claim is found however its test is written", () => {
  const source = [
    'test("H1 plain", () => {});',
    "sandboxed(\n  'K2 over lines',\n  async () => {});",
    "test.each([1])(`P3 $" + "{count} kills`, () => {});",
    'describe("R4 a group", () => {});',
    'test.skip("R5 not run", () => {});',
    'test.todo("R6 not written");',
    'test("H7 H10 two", () => {});',
    'test("no claim, though it says H1", () => {});',
  ].join("\n");
  expect(claimsIn("a.test.ts", source).map(({ ids }) => ids.join())).toEqual(["H1", "K2", "P3", "R4", "H7,H10"]);
});

function faultsOf({ ids }: Claim): string[] {
  const known: Record<string, Requirement | undefined> = requirements;
  const each = ids.flatMap((id) => {
    if (!known[id]) return [`there is no ${id}`];
    return known[id].state === "planned" ? [`${id} is only planned`] : [];
  });
  return ids.length > 1 ? [...each, "it names more than one"] : each;
}

function claimsOf(files: readonly string[]): Claim[] {
  return files.flatMap((file) => claimsIn(path.relative(checkout, file), fs.readFileSync(file, "utf8")));
}

/** Whatever a call is named, a first argument that begins with an id is a test's or a group's name. What never runs shows nothing. */
function claimsIn(file: string, text: string): Claim[] {
  const pattern = /(?<!\.(?:skip|todo))\(\s*(["'`])((?:[HKPRSMABC]\d{1,2} )+)((?:(?!\1).)*)/g;
  return [...text.matchAll(pattern)].map(([, , ids = "", name = ""]) => ({ ids: ids.trim().split(" "), file, name }));
}

function testFilesIn(folder: string): string[] {
  return fs
    .globSync("**/*.test.ts", { cwd: path.join(checkout, folder), exclude: (name) => name === "node_modules" })
    .map((name) => path.join(checkout, folder, name))
    .filter((file) => file !== import.meta.filename);
}
