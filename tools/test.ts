// Runs every check and every test, lane after lane, and ends with one line: `N passed, M failed`. A static check counts as
// one. The lanes are the projects of vitest.config.ts.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { lockfileFaults } from "./lockfile.ts";

type Count = { passed: number; failed: number; skipped: number };

const lanes = {
  unit: "unit and system tests, a worker for each core",
  fault: "fault tests, side by side",
  alone: "fault tests that need the machine for themselves, one after the other",
};
const slowestShown = 5;

const root = join(import.meta.dirname, "..");
const { values: options } = parseArgs({ options: { fast: { type: "boolean", default: false } } });

// One seed for all projects of the run; vitest.config.ts prints it.
process.env.MH_TEST_SEED ??= String(randomInt(2 ** 31));
if (!process.stdout.isTTY) process.env.NO_COLOR = "1";

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const notPassed: string[] = [];
const durations: { file: string; seconds: number }[] = [];

add("lockfile", await checkLockfile());
for (const script of ["lint", "types", "types:site", "layers", "dead", "build"]) add(script, checkScript(script));
for (const [lane, what] of Object.entries(lanes))
  if (lane === "unit" || !options.fast) add(lane, await runTests(lane, what));

durations.sort((a, b) => b.seconds - a.seconds);
console.log(`\nThe slowest test files:`);
for (const { file, seconds } of durations.slice(0, slowestShown))
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);
if (notPassed.length > 0) console.log(`\nFailed: ${notPassed.join(", ")}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

function add(name: string, count: Count): void {
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  if (count.failed > 0) notPassed.push(name);
}

async function checkLockfile(): Promise<Count> {
  announce("lockfile");
  const faults = await lockfileFaults(root);
  for (const fault of faults) console.log(fault);
  return counted(faults.length === 0);
}

function checkScript(name: string): Count {
  announce(name);
  return counted(run("npm", ["run", "--silent", name]) === 0);
}

async function runTests(lane: string, what: string): Promise<Count> {
  announce(`lane ${lane}: ${what}`);
  const begun = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "mh-test-"));
  try {
    const report = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const status = run(join(root, "node_modules", ".bin", "vitest"), ["run", "--project", lane, ...reporters]);
    const text = await readFile(report, "utf8").catch(() => undefined);
    const files = text === undefined ? [] : (JSON.parse(text) as Report).testResults;
    for (const { name, startTime, endTime } of files)
      durations.push({ file: relative(root, name), seconds: (endTime - startTime) / 1000 });
    const count = countReport(files, status);
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.log(`lane ${lane}: ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
    return count;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type FileReport = {
  name: string;
  startTime: number;
  endTime: number;
  status: string;
  assertionResults: { status: string }[];
};
type Report = { testResults: FileReport[] };

function countReport(files: readonly FileReport[], status: number): Count {
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === "passed").length;
  const brokenTests = tests.filter((test) => test.status === "failed").length;
  // A file that cannot be loaded has no test that could fail.
  const brokenFiles = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = brokenTests + brokenFiles;
  // No test at all, an error outside any test, a killed runner: none of them may look like success.
  const unseen = failed === 0 && (status !== 0 || passed === 0) ? 1 : 0;
  return { passed, failed: failed + unseen, skipped: tests.length - passed - brokenTests };
}

function counted(isFine: boolean): Count {
  return { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0 };
}

function announce(name: string): void {
  console.log(`\n── ${name}`);
}

function run(command: string, args: string[]): number {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (error) console.error(error.message);
  return status ?? 1;
}
