import type { Executor } from "@mh/core/ports/executor.ts";
import type { Programs } from "@mh/core/ports/programs.ts";

/** Programs of this machine in the sandbox, loaded at their first use. */
export function latePrograms(executor: Executor, closed: () => readonly string[]): Programs {
  const programs = async () => (await import("../sandbox/run-programs.ts")).sandboxPrograms(executor, closed());
  return {
    get closed() {
      return closed();
    },
    realPath: async (program) => (await programs()).realPath(program),
    run: async (run) => (await programs()).run(run),
  };
}
