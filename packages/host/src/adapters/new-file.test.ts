import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { putNewFile } from "./new-file.ts";

test("a whole file is put under a new name; what lies there stays, and no empty file where it fails", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-new-file-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => path.join(folder, name);
  fs.writeFileSync(at("temporary"), "whole");
  putNewFile(at("temporary"), at("file"));
  fs.writeFileSync(at("temporary"), "other");
  expect(() => putNewFile(at("temporary"), at("file"))).toThrow("EEXIST");
  expect(() => putNewFile(at("missing"), at("new"))).toThrow("ENOENT");
  expect(fs.readdirSync(folder).sort()).toEqual(["file", "temporary"]);
  expect(fs.readFileSync(at("file"), "utf8")).toBe("whole");
});
