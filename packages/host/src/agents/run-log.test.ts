import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RunLog, readRunLogs } from "./run-log.ts";

function makeRoot(): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-run-log-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  return root;
}

const run = { agent: "brief", id: "0123456789", attempt: 1 };
const now = () => Date.parse("2026-03-03T06:00:00Z");

test("a command that ends after its run's log is closed writes into nobody's file", () => {
  const root = makeRoot();
  const log = new RunLog(root, run, { now, redact: (text) => text });
  log.write("log", "one");
  log[Symbol.dispose]();
  const other = path.join(root, "other");
  // It gets the number that the log's file had.
  const file = fs.openSync(other, "w");
  log.write("act", "memory.capture: done");
  log[Symbol.dispose]();
  fs.writeSync(file, "mine");
  fs.closeSync(file);
  expect(fs.readFileSync(other, "utf8")).toBe("mine");
  expect(readRunLogs(root, "brief", 1)[0]?.lines.map(({ text }) => text)).toEqual(["one"]);
});

test.skipIf(!fs.existsSync("/dev/full"))("R4 a full disk costs a run's log its lines, and not the run", () => {
  const root = makeRoot();
  const folder = path.join(root, "logs/run/agents/brief");
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "2026-03-03T06-00-00-000Z-01234567.ndjson");
  fs.symlinkSync("/dev/full", file);
  using log = new RunLog(root, run, { now, redact: (text) => text });
  expect(() => log.write("log", "one")).not.toThrow();
  expect(() => log.write("log", "two")).not.toThrow();
});
