import * as fs from "node:fs";
import type { Executor, Sandbox } from "@mh/core/ports/executor.ts";
import type { Timers } from "@mh/core/ports/timers.ts";
import { systemTimers } from "../adapters/system-timers.ts";
import { trySandbox } from "./probe.ts";
import { leaked, ProcessRun } from "./process-run.ts";
import { LastingService } from "./service.ts";

let found: Promise<Sandbox> | undefined;

/** The sandbox of this machine: tried once in the life of this process, by really standing inside. */
export function findSandbox(): Promise<Sandbox> {
  found ??= tryTwice().catch((error: unknown) => {
    // It could not even be tried, which says nothing of the next time.
    found = undefined;
    throw error;
  });
  return found;
}

/**
 * A library may open a file for a moment, on a thread of its own and for children as well (OpenSSL does, of certificates),
 * just when a job is started. That job is refused; that there is no sandbox, it does not show.
 */
async function tryTwice(): Promise<Sandbox> {
  const first = await trySandbox();
  return first.reason?.includes(leaked) ? await trySandbox() : first;
}

export interface ExecutorOptions {
  timers?: Timers;
  /** While this file is there, nothing runs but what is the owner's. */
  stopFile?: string;
}

/** Runs jobs and services in the sandbox of this machine. */
export function sandboxExecutor({ timers = systemTimers, stopFile }: ExecutorOptions = {}): Executor {
  const run: Executor["run"] = (job) => new ProcessRun(job, { sandbox: findSandbox, stopFile });
  const isStopped = () => stopFile !== undefined && fs.existsSync(stopFile);
  return {
    run,
    sandbox: findSandbox,
    serve: (spec) => new LastingService(spec, { run, timers, isStopped }),
    isStopped,
  };
}
