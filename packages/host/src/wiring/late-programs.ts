import * as os from "node:os";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { Programs } from "@mh/core/ports/programs.ts";

/** Programs of this machine in the sandbox, loaded at their first use. */
export function latePrograms(
  executor: Executor,
  closed: () => readonly string[],
  scratch: string = os.tmpdir(),
): Programs {
  const programs = async () =>
    (await import("../sandbox/run-programs.ts")).sandboxPrograms(executor, closed(), scratch);
  return {
    get closed() {
      return closed();
    },
    realPath: async (program) => (await programs()).realPath(program),
    pin: async (folder, named) => (await programs()).pin(folder, named),
    run: async (run) => (await programs()).run(run),
  };
}
