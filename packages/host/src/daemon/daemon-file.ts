import * as fs from "node:fs";
import * as path from "node:path";
import { lockFile } from "@mh/core/adapters/sqlite.ts";
import { Fault } from "@mh/core/model/fault.ts";
import { z } from "zod";

const factsSchema = z.object({ pid: z.number().int(), startedAt: z.string(), url: z.string() });
export type DaemonFacts = z.infer<typeof factsSchema>;

export interface DaemonFile extends Disposable {
  write(facts: DaemonFacts): void;
}

/** Makes this process the daemon of a home, until disposed. Throws `daemon.refused` where there is one. */
export function holdDaemonFile(root: string): DaemonFile {
  fs.mkdirSync(path.join(root, "run"), { recursive: true, mode: 0o700 });
  const lock = lockFile(lockPath(root));
  if (!lock) {
    const pid = readFacts(root)?.pid;
    const which = pid === undefined ? "" : ` (process ${pid})`;
    throw new Fault("daemon.refused", `A daemon runs here already${which}. \`mh daemon status\``);
  }
  return {
    write: (facts) => {
      const temporary = `${factsPath(root)}.${process.pid}.tmp`;
      fs.writeFileSync(temporary, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
      fs.renameSync(temporary, factsPath(root));
    },
    [Symbol.dispose]() {
      fs.rmSync(factsPath(root), { force: true });
      lock[Symbol.dispose]();
    },
  };
}

/** The daemon that runs for a home. What a killed one left behind counts for nothing: its lock is free. */
export function findDaemon(root: string): DaemonFacts | undefined {
  if (!fs.existsSync(factsPath(root))) return undefined;
  const lock = lockFile(lockPath(root));
  if (!lock) return readFacts(root);
  lock[Symbol.dispose]();
  return undefined;
}

const lockPath = (root: string): string => path.join(root, "run", "daemon.db");
const factsPath = (root: string): string => path.join(root, "run", "daemon.json");

function readFacts(root: string): DaemonFacts | undefined {
  try {
    return factsSchema.safeParse(JSON.parse(fs.readFileSync(factsPath(root), "utf8"))).data;
  } catch {
    return undefined;
  }
}
