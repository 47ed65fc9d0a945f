import { spawnSync } from "node:child_process";

/** What a limit in seconds may take longer, in starts of Node: 0.2 s on an idle machine, and more on one that others use. */
const startsAllowed = 5;

/** By how many milliseconds some work took longer than its limit, as fast as this machine is just now; 0 is in time. */
export async function lateBy(limitMs: number, work: () => unknown): Promise<number> {
  const before = startMs();
  const begun = performance.now();
  await work();
  const took = performance.now() - begun;
  return Math.max(0, took - limitMs - startsAllowed * Math.max(before, startMs()));
}

function startMs(): number {
  const begun = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return performance.now() - begun;
}

/** Seconds of processor time that this process spent on some work, whoever else uses the machine. */
export async function processorSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
