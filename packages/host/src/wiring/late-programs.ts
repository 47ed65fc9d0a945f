import type { Programs } from "@mh/core/ports/programs.ts";

/** Programs of this machine behind walls, loaded at their first use. */
export function latePrograms(closed: readonly string[]): Programs {
  const programs = async () => (await import("../sandbox/walled-programs.ts")).walledPrograms(closed);
  return {
    closed,
    realPath: async (program) => (await programs()).realPath(program),
    run: async (run) => (await programs()).run(run),
  };
}
