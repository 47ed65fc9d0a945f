import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { entryFile } from "./entry-file.ts";
import { findSandbox, spawnInside } from "./sandbox.ts";

export interface WorkerStart {
  /** It came with mh: without walls, such an agent runs all the same. */
  shipped: boolean;
  memoryBytes: number;
  /** A package whose script runs, instead of an agent: the folder is there inside as /skill, to be read. */
  folder?: string;
  /** Options for Node beside the usual ones; without Node's own checks where a test looks at the walls alone. */
  flags?: readonly string[];
}

/**
 * Starts the process that an agent runs in. Behind the sandbox's walls Node's own permission checks are on as well; where
 * there are no walls, these are all there is, and only what came with mh may run. Throws `sandbox.missing`.
 */
export async function startWorker({ shipped, memoryBytes, flags, folder }: WorkerStart): Promise<ChildProcess> {
  const { kind, why } = await findSandbox();
  const heapMiB = Math.floor(memoryBytes / 2 ** 20);
  const usual = [`--max-old-space-size=${heapMiB}`, "--disable-warning=ExperimentalWarning"];
  const entry = entryFile("entry.ts");
  if (kind === "bubblewrap") {
    const inside = `/mh/entry${path.extname(entry) === ".ts" ? ".mts" : ".mjs"}`;
    const readable = [inside, ...(folder === undefined ? [] : [`${skillInside}/`])];
    const checks = flags ?? ["--permission", ...readable.map((each) => `--allow-fs-read=${each}`)];
    const files = { [inside]: entry, ...(folder !== undefined && { [skillInside]: folder }) };
    return spawnInside({ flags: [...checks, ...usual], files, entry: inside });
  }
  if (!shipped || folder !== undefined) {
    const what =
      folder === undefined ? "Only agents that came with mh run" : "Skills of others are not run without one";
    throw new Fault("sandbox.missing", `There is no sandbox on this machine: ${why}. ${what}.`);
  }
  return spawn(process.execPath, ["--permission", `--allow-fs-read=${entry}`, ...usual, entry], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: {},
    cwd: path.parse(entry).root,
    detached: true,
  });
}

const skillInside = "/skill";
