import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const checkout = path.join(import.meta.dirname, "..", "..", "..");

/** Builds the CLI once for all files of a run, and makes the home that `makeMh` copies. */
export function setup(): void {
  execFileSync(process.execPath, [path.join(checkout, "tools", "build.ts")], { cwd: checkout, stdio: "inherit" });
  const template = path.join(os.tmpdir(), "template");
  if (fs.existsSync(template)) return;
  const config = path.join(template, "config");
  fs.mkdirSync(config, { recursive: true });
  execFileSync(
    process.execPath,
    [path.join(checkout, "dist", "mh.js"), "--home", path.join(template, "home"), "init", "--yes"],
    {
      env: { PATH: process.env.PATH, HOME: config, NO_COLOR: "1" },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}
