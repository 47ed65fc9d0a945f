import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Unpacks a package of npm ("name@version") for as long as its folder is used. */
export function withNpmPackage(source: string, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "mh-npm-package-"));
  try {
    const pack = ["pack", source, "--silent", "--pack-destination", folder];
    execFileSync("npm", pack, { stdio: ["ignore", "ignore", "inherit"] });
    execFileSync("tar", ["xzf", `${source.replace("@", "-")}.tgz`], { cwd: folder });
    use(join(folder, "package"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
