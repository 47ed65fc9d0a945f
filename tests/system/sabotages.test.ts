import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { sabotages } from "../../tools/sabotages.ts";

const root = path.join(import.meta.dirname, "../..");

test.each(sabotages)("the line that a sabotage breaks is there, once: $name", ({ file, find, test: noticed }) => {
  expect(fs.readFileSync(path.join(root, file), "utf8").split(find)).toHaveLength(2);
  expect(fs.existsSync(path.join(root, noticed.file))).toBe(true);
});
