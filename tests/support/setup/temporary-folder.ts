import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const prefix = "mh-tests-";
const machines = os.tmpdir();
let folder: string | undefined;

/**
 * Gives every test of the run one temporary folder, in memory where this process may mount one. Tests ask for it as
 * `os.tmpdir()`; at the end it is removed with all that they left behind. It lies below the machine's own and not in
 * /dev/shm, because mh takes what lies below /dev for a part of the system, which nobody reads or writes.
 */
export function setup(): void {
  // Each project of a run asks; the first one makes it.
  if (process.env.MH_TEST_FOLDER) return;
  for (const name of fs.readdirSync(machines)) if (isLeftBehind(name)) remove(path.join(machines, name));
  folder = fs.mkdtempSync(path.join(machines, `${prefix}${process.pid}-`));
  console.log(`homes ${mount(folder)}`);
  // As the machine's own is: a server that runs as somebody else must be able to pass through.
  fs.chmodSync(folder, 0o1777);
  process.env.MH_TEST_FOLDER = folder;
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  if (folder) remove(folder);
}

/** Says where it lies. `MH_TEST_DISK=1` leaves it on the disk, as to look for a fault that only a disk has. */
function mount(at: string): string {
  if (process.env.MH_TEST_DISK) return `on the disk: ${at} (MH_TEST_DISK)`;
  const { status, error, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=75%", "tmpfs", at]);
  if (status === 0) return `in memory: ${at}`;
  return `on the disk: ${at} (no file system in memory: ${error?.message ?? String(stderr).trim()})`;
}

/** Of a run that was killed. */
function isLeftBehind(name: string): boolean {
  const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
  return !Number.isNaN(pid) && !fs.existsSync(`/proc/${pid}`);
}

function remove(at: string): void {
  spawnSync("umount", ["-l", at]);
  fs.rmSync(at, { recursive: true, force: true, maxRetries: 5 });
}
