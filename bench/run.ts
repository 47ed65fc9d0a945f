// Runs each bench/*.ts in a process of its own, so that none warms another, and passes its JSON lines through.
// `npm run bench -- startup search` runs only those.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

const folder = import.meta.dirname;
const wanted = process.argv.slice(2);
const all = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== basename(import.meta.filename))
  .sort();
const benches = all.filter((file) => wanted.length === 0 || wanted.includes(basename(file, ".ts")));

if (benches.length === 0) {
  console.error(`There is no such bench. There are: ${all.map((file) => basename(file, ".ts")).join(", ") || "none"}.`);
  process.exitCode = 1;
}
for (const file of benches) {
  const { status } = spawnSync(process.execPath, [...process.execArgv, join(folder, file)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) {
    console.error(`bench/${file} failed.`);
    process.exitCode = 1;
  }
}
