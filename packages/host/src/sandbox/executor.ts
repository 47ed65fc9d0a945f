import type { Executor, Sandbox } from "@mh/core/ports/executor.ts";
import type { Timers } from "@mh/core/ports/timers.ts";
import { systemTimers } from "../adapters/system-timers.ts";
import { trySandbox } from "./probe.ts";
import { ProcessRun } from "./process-run.ts";
import { LastingService } from "./service.ts";

let found: Promise<Sandbox> | undefined;

/** The sandbox of this machine: tried once in the life of this process, by really standing inside. */
export function findSandbox(): Promise<Sandbox> {
  found ??= trySandbox().catch((error: unknown) => {
    // It could not even be tried, which says nothing of the next time.
    found = undefined;
    throw error;
  });
  return found;
}

/** Runs jobs and services in the sandbox of this machine. */
export function sandboxExecutor(timers: Timers = systemTimers): Executor {
  const run: Executor["run"] = (job) => new ProcessRun(job, findSandbox);
  return { run, sandbox: findSandbox, serve: (spec) => new LastingService(spec, { run, timers }) };
}
