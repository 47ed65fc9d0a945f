import { spawnSync } from "node:child_process";
import * as path from "node:path";
import type { EngineName } from "./engines.ts";

export type EngineFigures = { buildMs: number; searchMs: number; searchP95Ms: number; residentMB: number };

/** Further than this an engine is not waited for, and gets no more memory. */
const [secondsMost, megabytesMost] = [240, 4_096];

/** What an engine costs at a size, or why it got no further. */
export function measureEngine(name: EngineName, memories: number): EngineFigures | { stopped: string } {
  const child = path.join(import.meta.dirname, "engine-child.ts");
  const options = [...process.execArgv, `--max-old-space-size=${megabytesMost}`];
  const { status, signal, stdout, stderr, error } = spawnSync(
    process.execPath,
    [...options, child, name, String(memories)],
    { encoding: "utf8", timeout: secondsMost * 1_000, killSignal: "SIGKILL" },
  );
  if (status === 0) return JSON.parse(stdout) as EngineFigures;
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT")
    return { stopped: `took over ${secondsMost} s` };
  if (/heap out of memory/.test(stderr)) return { stopped: `needs over ${megabytesMost} MB` };
  const said = stderr.split("\n").find((line) => /Error/.test(line)) ?? `ended by ${signal ?? status}`;
  return { stopped: said.trim() };
}
