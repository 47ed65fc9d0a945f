import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { openCgroup } from "./cgroup.ts";

const isAlive = (pid: number): boolean =>
  fs.existsSync(`/proc/${pid}/stat`) && !fs.readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");

// No controller is asked for, so that groups are tried wherever their tree may be written to.
test("S16 a job may be held by a group of its own: all that came of it ends at once, and the group is gone", async () => {
  const group = openCgroup({ memoryBytes: 2 ** 27, processesMax: 8, output: { bytesMax: 1, beyond: "drop" } }, []);
  if (!group) return process.emitWarning("Skipped: no cgroup of version 2 can be written to here.");
  const folder = path.dirname(group.killFile);
  const child = spawn("/bin/sh", ["-c", "sleep 1000 & read -r go; sleep 1000 & echo up; wait"], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  expect(group.take(child.pid ?? 0)).toBe(true);
  child.stdin?.end("\n");
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  const pids = fs.readFileSync(path.join(folder, "cgroup.procs"), "utf8").trim().split("\n").map(Number);
  expect(pids).toContain(child.pid);
  expect(pids.length).toBeGreaterThanOrEqual(2);
  expect(group.isOutOfMemory).toBe(false);
  fs.writeFileSync(group.killFile, "1");
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  group[Symbol.dispose]();
  await expect.poll(() => fs.existsSync(folder)).toBe(false);
});
