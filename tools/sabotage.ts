// Breaks the kernel in one line, one way after the other, in a copy, and expects a named test to turn red each time.
// `npm run sabotage` tries all, `npm run sabotage -- STOP` those whose name holds the word. Ends with 1 where one stays green.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sabotages } from "./sabotages/index.ts";
import type { Sabotage } from "./sabotages/sabotage.ts";

type State = "red" | "green" | "missing" | "broken";

const root = join(import.meta.dirname, "..");
const wanted = process.argv.slice(2).join(" ").toLowerCase();
const chosen = sabotages.filter(({ name }) => name.toLowerCase().includes(wanted));

const copy = makeCopy();
try {
  const sound = runTests(copy, chosen);
  const rows = chosen.map((sabotage) => {
    const before = sound.get(sabotage.test.name) ?? "missing";
    const row = { ...sabotage, before, after: before === "green" ? tryOne(copy, sabotage) : ("missing" as State) };
    console.log(`${row.after === "red" ? "ok    " : "FAILED"} ${row.name}: ${before} → ${row.after}`);
    return row;
  });
  const failed = rows.filter(({ after }) => after !== "red");
  console.log(`\n${table(rows)}\n\n${rows.length - failed.length} of ${rows.length} sabotages were noticed.`);
  process.exitCode = failed.length > 0 || rows.length === 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** The tracked files, changed ones as they are, with the libraries of this checkout and its own packages. */
function makeCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "mh-sabotage-"));
  const { stdout } = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    ...{ cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 },
  });
  for (const name of stdout.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name), { force: true });
  }
  const libraries = join(folder, "node_modules");
  mkdirSync(join(libraries, "@mh"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")).filter((each) => each !== "@mh" && !each.startsWith(".v")))
    symlinkSync(join(root, "node_modules", name), join(libraries, name));
  for (const name of readdirSync(join(root, "packages")))
    symlinkSync(join(folder, "packages", name), join(libraries, "@mh", name));
  return folder;
}

function tryOne(folder: string, sabotage: Sabotage): State {
  const file = join(folder, sabotage.file);
  const text = readFileSync(file, "utf8");
  if (text.split(sabotage.find).length !== 2) return "missing";
  writeFileSync(
    file,
    text.replace(sabotage.find, () => sabotage.replace),
  );
  try {
    return runTests(folder, [sabotage]).get(sabotage.test.name) ?? "broken";
  } finally {
    writeFileSync(file, text);
  }
}

interface Report {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

/** How the named tests ended, by their names. A file that does not load tells nothing. */
function runTests(folder: string, tried: readonly Sabotage[]): Map<string, State> {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const names = [...new Set(tried.map(({ test }) => test.name))];
  const files = [...new Set(tried.map(({ test }) => test.file))];
  const pattern = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const projects = [...new Set(files.map((file) => (file.startsWith("tests/fault/") ? "fault" : "unit")))];
  const chosenProjects = projects.flatMap((project) => ["--project", project]);
  const options = [...chosenProjects, "-t", pattern, "--reporter=json", `--outputFile.json=${report}`];
  const vitest = join(folder, "node_modules", "vitest", "vitest.mjs");
  spawnSync(process.execPath, [vitest, "run", ...files, ...options], { cwd: folder, stdio: "ignore" });
  let parsed: Report;
  try {
    parsed = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return new Map();
  }
  const results = parsed.testResults.flatMap(({ assertionResults }) => assertionResults);
  const stateOf = (status: string): State => (status === "failed" ? "red" : "green");
  const ran = results.filter(({ title, status }) => names.includes(title) && ["passed", "failed"].includes(status));
  return new Map(ran.map(({ title, status }) => [title, stateOf(status)]));
}

function table(rows: readonly (Sabotage & { after: State })[]): string {
  const cells = rows.map(({ name, file, test, after }) => [after, name, file.replace("packages/", ""), test.name]);
  const widths = [0, 1, 2].map((n) => Math.max(...cells.map((row) => (row[n] ?? "").length)));
  return cells
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
