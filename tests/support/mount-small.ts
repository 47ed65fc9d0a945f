import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A disk of a size as `mount` has it ("4m"), where this process may mount one. */
export function mountSmall(size: string): [folder: string, isMounted: boolean] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-full-"));
  return [folder, spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]).status === 0];
}

/** Whether this process may mount a disk at all. */
export function canMount(): boolean {
  const [folder, isMounted] = mountSmall("4m");
  if (isMounted) spawnSync("umount", [folder]);
  fs.rmdirSync(folder);
  return isMounted;
}
