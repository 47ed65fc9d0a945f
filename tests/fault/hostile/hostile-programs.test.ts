import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { type Found, leaked } from "./hostile-program.ts";
import { limitPrograms } from "./limit-programs.ts";
import { rawPrograms } from "./raw-programs.ts";
import { scriptPrograms } from "./script-programs.ts";

const sources = path.join(import.meta.dirname, "..", "..", "..", "packages", "host", "src", "sandbox");
const isRoot = process.getuid?.() === 0;
const isCi = process.env.CI === "true";

// What runs them stands in a folder that everybody may read, with a Node of its own: neither the checkout nor its Node may
// be readable for another user.
const stage = fs.mkdtempSync(path.join(os.tmpdir(), "mh-hostile-"));
const at = (name: string) => path.join(stage, name);
fs.chmodSync(stage, 0o755);
fs.copyFileSync(process.execPath, at("node"), fs.constants.COPYFILE_FICLONE);
fs.chmodSync(at("node"), 0o755);
fs.mkdirSync(at("tmp"));
fs.chmodSync(at("tmp"), 0o1777);
const bundle = { bundle: true, platform: "node", format: "esm", logLevel: "error" } as const;
const conditions = ["mh-source"];
await build({
  ...bundle,
  conditions,
  entryPoints: [path.join(import.meta.dirname, "hostile-child.ts")],
  outfile: at("run.mjs"),
});
for (const [source, name] of Object.entries({ "relay-entry.ts": "relay.js", "watchdog-entry.ts": "watchdog.js" }))
  await build({ ...bundle, conditions, entryPoints: [path.join(sources, source)], outfile: at(name) });
fs.writeFileSync(at("package.json"), '{"type":"module"}');
afterAll(() => fs.rmSync(stage, { recursive: true, force: true }));

const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const users: [user: string, under: readonly string[]][] = [
  [isRoot ? "root" : "an ordinary user", []],
  ...(isRoot ? ([["an ordinary user", asNobody]] as [string, string[]][]) : []),
];
const canChange = !isRoot || spawnSync("setpriv", ["--version"]).status === 0;

function runAll(under: readonly string[]): Promise<Found[]> {
  const root = fs.openSync("/", "r");
  const stdio = Array.from({ length: 1024 }, (_, descriptor) => (leaked.includes(descriptor) ? root : "ignore"));
  const [program = "", ...args] = [...under, at("node"), at("run.mjs")];
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "inherit", ...stdio.slice(3)] as "pipe"[],
    env: { PATH: process.env.PATH, TMPDIR: at("tmp") },
  });
  fs.closeSync(root);
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) reject(new Error(`It ended with ${code}: ${said.slice(-500)}`));
      else
        resolve(
          said
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as Found),
        );
    });
  });
}

const all = [
  ...(["system", "node"] as const).flatMap((base) => rawPrograms.map(({ name }) => ({ base, name }))),
  ...[...scriptPrograms, ...limitPrograms].map(({ name }) => ({ base: "system" as const, name })),
];

test("K15 there are more than sixty hostile programs, and each has a name of its own", () => {
  const programs = [...rawPrograms, ...scriptPrograms, ...limitPrograms];
  expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length);
  expect(programs.length).toBeGreaterThan(60);
});

describe.skipIf(process.platform !== "linux")("hostile programs", () => {
  for (const [user, under] of canChange ? users : users.slice(0, 1)) {
    const found = runAll(under);
    found.catch(() => undefined);
    test.each(all)(`$name: refused to $base, with the machine unchanged, as ${user}`, async ({ base, name }) => {
      const each = (await found).find((one) => one.base === base && one.name === name);
      const missing = (await found).find((one) => one.name === "")?.skipped;
      if (missing !== undefined && !isCi) return void process.emitWarning(`Skipped: ${missing}.`);
      expect(each ?? missing).toEqual({ base, name, ...(each?.skipped && !isCi && { skipped: each.skipped }) });
    });
  }
});
