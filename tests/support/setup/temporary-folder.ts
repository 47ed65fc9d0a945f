import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const roomBytesMin = 1024 ** 3;

const machines = os.tmpdir();
let folder: string | undefined;

/**
 * Gives every test of the run one temporary folder, in memory where the machine has a file system for that, with room and
 * with programs allowed. Tests ask for it as `os.tmpdir()`; at the end it is removed with all that they left behind.
 */
export function setup(): void {
  // Each project of a run asks; the first one makes it.
  if (process.env.MH_TEST_FOLDER) return;
  const [reason, base] = chooseBase();
  console.log(reason);
  folder = fs.mkdtempSync(path.join(base, "mh-tests-"));
  // As the machine's own is: a server that runs as somebody else must be able to pass through.
  fs.chmodSync(folder, 0o1777);
  process.env.MH_TEST_FOLDER = folder;
  process.env.TMPDIR = folder;
  process.env.MH_TEST_DISK = machines;
}

export function teardown(): void {
  if (folder) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** `MH_TEST_TMP` names another place, as to look for a fault of the disk's. */
function chooseBase(): [reason: string, base: string] {
  const named = process.env.MH_TEST_TMP;
  if (named) return [`homes in ${named} (MH_TEST_TMP)`, named];
  const inMemory = "/dev/shm";
  const fault = faultOf(inMemory);
  return fault
    ? [`homes on disk, in ${machines}: ${inMemory} ${fault}`, machines]
    : [`homes in memory, in ${inMemory}`, inMemory];
}

/** Why a folder does not serve. */
function faultOf(folder: string): string | undefined {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    if (bavail * bsize < roomBytesMin) return "has no room for them";
    const trial = fs.mkdtempSync(path.join(folder, "mh-tests-"));
    try {
      const program = path.join(trial, "program");
      fs.writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
      return spawnSync(program).status === 0 ? undefined : "runs no programs";
    } finally {
      fs.rmSync(trial, { recursive: true });
    }
  } catch (error) {
    return `cannot be written to (${(error as NodeJS.ErrnoException).code})`;
  }
}
