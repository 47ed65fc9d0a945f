import { spawnSync } from "node:child_process";

/** By how many milliseconds some work took longer than its limit, as slow as this machine is just now; 0 is in time. */
export async function lateBy(limitMs: number, work: () => unknown): Promise<number> {
  const before = slowness();
  const begun = performance.now();
  await work();
  const took = performance.now() - begun;
  return Math.max(0, took - limitMs * Math.max(before, slowness()));
}

/** How much longer than its work the processor takes to start Node: little more than 1, and more where others use it. */
function slowness(): number {
  const once = (): number => {
    const begun = performance.now();
    const { stdout } = spawnSync(process.execPath, ["-p", "JSON.stringify(process.cpuUsage())"], { encoding: "utf8" });
    const { user, system } = JSON.parse(stdout) as NodeJS.CpuUsage;
    return (performance.now() - begun) / ((user + system) / 1_000);
  };
  return Math.max(once(), once(), once());
}

/** Seconds of processor time that this process spent on some work, whoever else uses the machine. */
export async function processorSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
