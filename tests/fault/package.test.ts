import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";

const checkout = path.join(import.meta.dirname, "..", "..");

test("the package installs into an empty folder without any script, and works there", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-package-"));
  const env = { ...process.env, HOME: folder, NO_COLOR: "1", MH_HOME: undefined, npm_config_loglevel: "error" };
  const npm = (...args: string[]) => execFileSync("npm", args, { cwd: folder, env, encoding: "utf8" });
  execFileSync(process.execPath, [path.join(checkout, "tools", "package.ts")], { stdio: "ignore" });
  const manifest = JSON.parse(fs.readFileSync(path.join(checkout, "dist", "package", "package.json"), "utf8"));
  expect([manifest.bin, manifest.engines, manifest.scripts]).toEqual([{ mh: "mh.js" }, { node: ">=24" }, undefined]);

  npm("pack", path.join(checkout, "dist", "package"));
  // Somebody's project with a lockfile: that is not where mh lies, and not its home.
  const project = path.join(folder, "project");
  fs.mkdirSync(project);
  npm("install", "--ignore-scripts", "--prefix", project, path.join(folder, `mh-os-${manifest.version}.tgz`));
  const installed = path.join(project, "node_modules", "mh-os");
  const mh = (...args: string[]) => {
    const bin = path.join(project, "node_modules", ".bin", "mh");
    return spawnSync(bin, args, { cwd: folder, env, encoding: "utf8", input: "" });
  };
  expect(fs.readdirSync(installed)).toEqual(expect.arrayContaining(["LICENSE", "README.md", "examples"]));
  expect(mh("--version").stdout).toBe(`${manifest.version}\n`);
  const elsewhere = path.join(folder, "elsewhere");
  expect(mh("--home", elsewhere, "capture", "Met with Sarah about the ML project").status).toBe(0);
  expect(mh("--home", elsewhere, "ask", "Who did I meet about the ML project?").stdout).toContain("Met with Sarah");
  expect([mh("tour").status, fs.existsSync(path.join(folder, "mh", "home.json"))]).toEqual([0, true]);

  const old = oldNode();
  if (old) {
    const { status, stderr } = spawnSync(old, [path.join(installed, "mh.js"), "status"], { env, encoding: "utf8" });
    expect([status, stderr.split("\n")[0]]).toEqual([
      1,
      expect.stringMatching(/^mh needs Node.js 24 or newer, and this is /),
    ]);
  }
  fs.rmSync(folder, { recursive: true });
});

/** A Node that is too old for mh, where the machine has one. */
function oldNode(): string | undefined {
  const candidates = [
    "/usr/local/bin/node",
    "/usr/bin/node",
    ...(process.env.PATH ?? "").split(":").map((each) => `${each}/node`),
  ];
  return candidates.find((file) => {
    const { stdout } = spawnSync(file, ["-p", "parseInt(process.versions.node)"], { encoding: "utf8" });
    return Number(stdout) > 0 && Number(stdout) < 24;
  });
}
