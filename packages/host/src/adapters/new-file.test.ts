import * as fs from "node:fs";
import { expect, test } from "vitest";
import { makePlace } from "../../../../tests/support/make-place.ts";
import { putNewFile } from "./new-file.ts";

test("a whole file is put under a new name; what lies there stays, and no empty file where it fails", () => {
  using place = makePlace();
  const { folder, at } = place;
  fs.writeFileSync(at("temporary"), "whole");
  putNewFile(at("temporary"), at("file"));
  fs.writeFileSync(at("temporary"), "other");
  expect(() => putNewFile(at("temporary"), at("file"))).toThrow("EEXIST");
  expect(() => putNewFile(at("missing"), at("new"))).toThrow("ENOENT");
  expect(fs.readdirSync(folder).sort()).toEqual(["file", "temporary"]);
  expect(fs.readFileSync(at("file"), "utf8")).toBe("whole");
});
