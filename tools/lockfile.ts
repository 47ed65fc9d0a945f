import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

type Manifest = Record<string, unknown>;
type Locked = { link?: boolean; integrity?: string; inBundle?: boolean } & Manifest;
type Lockfile = { packages: Record<string, Locked> };

const dependencyFields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/**
 * Says where package-lock.json disagrees with the package.json files, or pins a package without a checksum.
 * `npm ci` would check the first, but refuses a lockfile that lacks another platform's optional packages.
 */
export async function lockfileFaults(root: string): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as Lockfile;
  const faults: string[] = [];
  for (const [path, locked] of Object.entries(packages)) {
    if (path.includes("node_modules/")) {
      if (!locked.link && !isChecked(packages, path)) faults.push(`package-lock.json has no checksum for ${path}.`);
      continue;
    }
    const manifest = JSON.parse(await readFile(join(root, path, "package.json"), "utf8")) as Manifest;
    for (const field of dependencyFields) {
      if (isDeepStrictEqual(locked[field] ?? {}, manifest[field] ?? {})) continue;
      faults.push(`${join(path, "package.json")} and package-lock.json disagree on ${field}. Run \`npm install\`.`);
    }
  }
  return faults;
}

/** What a package brings along in its own archive has that archive's checksum. */
function isChecked(packages: Lockfile["packages"], path: string): boolean {
  const { integrity, inBundle } = packages[path] ?? {};
  if (!inBundle) return integrity !== undefined;
  const bundler = path.slice(0, path.lastIndexOf("/node_modules/"));
  return bundler !== path && isChecked(packages, bundler);
}
