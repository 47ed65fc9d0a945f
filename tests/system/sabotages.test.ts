import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { sabotages } from "../../tools/sabotages/index.ts";

test("each line that a sabotage breaks stands in its file, once", () => {
  const read = (file: string) => fs.readFileSync(path.join(import.meta.dirname, "../..", file), "utf8");
  const stray = sabotages.filter(({ file, find }) => read(file).split(find).length !== 2);
  expect(stray.map(({ name }) => name)).toEqual([]);
});
