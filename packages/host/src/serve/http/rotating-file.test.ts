import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { RotatingFile } from "./rotating-file.ts";

test("a log never takes more than twice its bound, loses no line that is young, and goes on after a restart", () => {
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-log-"));
  const file = path.join(folder.path, "deep", "daemon.ndjson");
  for (let n = 0; n < 300; n += 1) {
    using log = new RotatingFile(file, 1000);
    log.write(`${n}\n`.padStart(10));
    expect(fs.statSync(file).size).toBeLessThanOrEqual(1000);
  }
  const before = path.join(folder.path, "deep", "daemon.1.ndjson");
  expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(["daemon.1.ndjson", "daemon.ndjson"]);
  const numbers = [before, file].flatMap((each) => fs.readFileSync(each, "utf8").trimEnd().split("\n").map(Number));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => 300 - numbers.length + n));
  expect(numbers.length).toBeGreaterThan(100);
});

test("a line that is longer than the bound is kept, and a file that cannot be written to stops nobody", () => {
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-log-"));
  const file = path.join(folder.path, "daemon.ndjson");
  using log = new RotatingFile(file, 100);
  log.write(`${"x".repeat(500)}\n`);
  expect(fs.statSync(file).size).toBe(501);
  // A folder stands where the file before would go: it cannot be put aside.
  fs.mkdirSync(path.join(folder.path, "daemon.1.ndjson"));
  log.write("lost\n");
  log.write("lost too\n");
  fs.rmdirSync(path.join(folder.path, "daemon.1.ndjson"));
  log.write("kept\n");
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines).toEqual([expect.stringContaining('"lost":2'), "kept"]);
});
