import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { utf8 } from "@mh/core/ports/bytes.ts";
import { expect, onTestFinished, test } from "vitest";
import { nodeFiles } from "../adapters/node-files.ts";
import { NameCipher } from "./name-cipher.ts";
import { hasOpenName, sealedNames } from "./sealed-names.ts";

const long = `memory/tasks/${"ж".repeat(70)}.md`;

function home() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-names-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true }));
  const stored = nodeFiles(root);
  return { stored, files: sealedNames(stored, new NameCipher(new Uint8Array(32))) };
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
