import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { utf8 } from "@mh/core/ports/bytes.ts";
import { foundOneByOne } from "@mh/core/ports/files.ts";
import { expect, onTestFinished, test } from "vitest";
import { nodeFiles } from "../adapters/node-files.ts";
import { overlayFiles } from "../adapters/overlay-files.ts";
import { NameCipher } from "./name-cipher.ts";
import { hasOpenName, sealedNames } from "./sealed-names.ts";

const long = `memory/tasks/${"ж".repeat(70)}.md`;

function home() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-names-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true }));
  const stored = nodeFiles(root);
  return { root, stored, files: sealedNames(stored, new NameCipher(new Uint8Array(32))) };
}

test("H21 a file by hand whose name is too long to be sealed is read, written and removed under it, and lies open", () => {
  const { stored, files } = home();
  stored.replace(long, utf8.encode("by hand"));
  expect(files.list("memory/tasks")).toEqual([long]);
  expect(files.facts(long)?.size).toBe(7);
  expect(Buffer.from(files.read(long) ?? []).toString()).toBe("by hand");
  files.replace(long, utf8.encode("sealed"));
  expect([stored.list("memory/tasks"), hasOpenName(long)]).toEqual([[long], true]);
  files.remove(long);
  expect([files.read(long), files.facts(long), files.list("memory/tasks")]).toEqual([undefined, undefined, []]);
});

test("H21 a new file is refused a name that is too long to be sealed, and is told which", () => {
  const { stored, files } = home();
  expect(() => files.replace(long, utf8.encode("new"))).toThrow(long);
  expect(stored.list("memory/tasks")).toEqual([]);
});

test("R-15 files are found as they are listed and looked at, under sealed names and behind links too", () => {
  const { root, stored, files } = home();
  const there = ["a.md", "a/b.md", "a-b.md", "later.md"].map((name) => `memory/tasks/${name}`);
  for (const name of there) files.replace(name, utf8.encode(`sealed ${name}`));
  // What lies there under its own name comes before what lies there sealed.
  for (const name of ["memory/tasks/a.md", "memory/tasks/open.md"]) stored.replace(name, utf8.encode("by hand"));
  const folder = path.join(root, "memory/tasks");
  fs.mkdirSync(`${folder}-elsewhere`);
  fs.writeFileSync(`${folder}-elsewhere/far.md`, "far");
  fs.symlinkSync(`${folder}-elsewhere`, `${folder}/linked`);
  fs.symlinkSync(folder, `${folder}/circle`);
  fs.symlinkSync(`${folder}/open.md`, `${folder}/link.md`);
  fs.symlinkSync(`${folder}/nowhere`, `${folder}/dangling`);
  for (const each of [stored, files, overlayFiles(stored)]) {
    const found = [...each.found("memory/tasks")].sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(found).toEqual(foundOneByOne(each, "memory/tasks"));
    expect(found.map(({ path }) => path)).toContain("memory/tasks/linked/far.md");
    expect([...each.found("memory/nothing")]).toEqual([]);
  }
});
