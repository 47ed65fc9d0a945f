import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";
import { external } from "../../../tools/external.ts";
import { childFolder, childName, templateFolder } from "../prepared.ts";

const checkout = path.join(import.meta.dirname, "..", "..", "..");

/** Makes once, for all files of a run: the built CLI, a home to copy, and the children that are started a thousand times. */
export async function setup(): Promise<void> {
  execFileSync(process.execPath, [path.join(checkout, "tools", "build.ts")], { cwd: checkout, stdio: "inherit" });
  makeTemplate();
  await bundleChildren();
}

function makeTemplate(): void {
  const [home, config] = [path.join(templateFolder(), "home"), path.join(templateFolder(), "config")];
  if (fs.existsSync(home)) return;
  fs.mkdirSync(config, { recursive: true });
  execFileSync(process.execPath, [path.join(checkout, "dist", "mh.js"), "--home", home, "init", "--yes"], {
    env: { PATH: process.env.PATH, HOME: config, NO_COLOR: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Each in one file with all that it imports: that loads in half the time. */
async function bundleChildren(): Promise<void> {
  const files = fs.globSync("tests/fault/long/*-child.ts", { cwd: checkout });
  await build({
    absWorkingDir: checkout,
    entryPoints: Object.fromEntries(files.map((file) => [childName(file), file])),
    outdir: childFolder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    conditions: ["mh-source"],
    external,
    // Some libraries that it takes in are CommonJS.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}
