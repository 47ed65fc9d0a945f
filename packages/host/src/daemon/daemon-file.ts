import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { cutOffName, removeCutOff } from "../adapters/cut-off-writes.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { isLocked, lockFile } from "../adapters/sqlite.ts";

const factsSchema = z.object({ pid: z.number().int(), startedAt: z.string(), url: z.string() });
export type DaemonFacts = z.infer<typeof factsSchema>;

export interface DaemonFile extends Disposable {
  write(facts: DaemonFacts): void;
}

/** Who only looks whether there is a daemon is soon done. */
const patienceMs = 500;

/** Makes this process the daemon of a home, until disposed. Throws `daemon.refused` where there is one. */
export async function holdDaemonFile(root: string): Promise<DaemonFile> {
  fs.mkdirSync(path.join(root, "run"), { recursive: true, mode: 0o700 });
  const lock = await takeLock(root);
  if (!lock) {
    const pid = readFacts(root)?.pid;
    const which = pid === undefined ? "" : ` (process ${pid})`;
    throw new Fault("daemon.refused", `A daemon runs here already${which}. \`mh daemon status\``);
  }
  // What a killed one left behind names a process that is gone, or by now another.
  fs.rmSync(factsPath(root), { force: true });
  let written: string | undefined;
  return {
    write: (facts) => {
      const temporary = cutOffName(factsPath(root));
      written = JSON.stringify(facts);
      try {
        fs.writeFileSync(temporary, `${written}\n`, { mode: 0o600 });
        fs.renameSync(temporary, factsPath(root));
      } catch (error) {
        removeCutOff(temporary);
        throw error;
      }
    },
    [Symbol.dispose]() {
      // Where `run` was removed, another daemon's may stand there by now.
      if (JSON.stringify(readFacts(root)) === written) fs.rmSync(factsPath(root), { force: true });
      lock[Symbol.dispose]();
    },
  };
}

/** The daemon that runs for a home. What a killed one left behind counts for nothing: its lock is free. */
export function findDaemon(root: string): DaemonFacts | undefined {
  return fs.existsSync(factsPath(root)) && isLocked(lockPath(root)) ? readFacts(root) : undefined;
}

async function takeLock(root: string): Promise<Disposable | undefined> {
  const start = performance.now();
  for (;;) {
    const lock = lockFile(lockPath(root));
    if (lock || performance.now() - start > patienceMs) return lock;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const lockPath = (root: string): string => path.join(root, "run", "daemon.db");
const factsPath = (root: string): string => path.join(root, "run", "daemon.json");

function readFacts(root: string): DaemonFacts | undefined {
  try {
    return factsSchema.safeParse(JSON.parse(readPlainText(factsPath(root)))).data;
  } catch {
    return undefined;
  }
}
