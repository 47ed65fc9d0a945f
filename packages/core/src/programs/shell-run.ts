import { shellRun } from "@mh/contract/programs.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { canonicalPath, refuseAround, refuseClosed } from "../disk/outside-path.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Programs } from "../ports/programs.ts";
import { namedMax, namedPaths, readsScript } from "./named-paths.ts";
import { isPlainCommand, mayRunOthers, notGrantable } from "./plain-programs.ts";
import { programPath, refusedWords } from "./shell-words.ts";

const outputBytesMax = 1_048_576;
const minuteMs = 60_000;
const system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/boot"];

/** What a run is judged by: the program, and the folder that it sees. */
export function touchedBy(argv: readonly string[], folder: string | undefined) {
  const scope = { paths: [programPath(argv[0] ?? ""), ...(folder === undefined ? [] : [folder])] };
  const judged = { effect: "local" as const, scope };
  if (!isPlainCommand(argv)) return { ...judged, risk: "high" as const, warning: mayRunOthers };
  return { ...judged, risk: folder === undefined ? ("low" as const) : ("medium" as const) };
}

/** `argv` is the program and its arguments, never a line for a shell. */
export function runShellSkill({ programs }: { programs: Programs }) {
  return defineOutside(shellRun, {
    stored: "kept",
    notGrantable,
    // What it touches is the program itself, so that a grant can be for one, and the folder; without one, nothing lasts.
    classify({ argv, cwd }) {
      const why = refusedWords(argv);
      if (why) throw new Fault("args.invalid", `${shellRun.name}: argv: ${why}.`);
      if (cwd !== undefined) refuseFolder(cwd, programs);
      return touchedBy(argv, cwd === undefined ? undefined : canonicalPath(cwd));
    },
    async pin({ argv, cwd }) {
      if (cwd === undefined) return { pins: [] };
      const folder = canonicalPath(cwd);
      const named = namedPaths(argv, folder);
      const { pins, unpinned } = await programs.pin(folder, named);
      if (named.length < namedMax) return { pins, unpinned };
      return { pins, unpinned: [`what argv may name beyond the first ${namedMax} places`, ...unpinned] };
    },
    async run({ argv, cwd, timeoutMs = minuteMs }, { signal, principal, pins }) {
      const [word = "", ...args] = argv;
      const program = programPath(word);
      const real = await programs.realPath(program);
      const why = refusedWords([`/usr/bin/${real.slice(real.lastIndexOf("/") + 1)}`, ...args]);
      if (why) throw new Fault("args.invalid", `${program} is ${real}, and ${why}.`);
      const folder = cwd === undefined ? undefined : canonicalPath(cwd);
      const approved = folder !== undefined &&
        pins && { named: namedPaths(argv, folder), pins, holdsFirst: !isPlainCommand(argv) && readsScript(program) };
      const place = { ...(folder !== undefined && { folder }), ...(approved && { approved }) };
      return programs.run({ program, args, ...place, timeoutMs, outputBytesMax, isOwners: isOwner(principal), signal });
    },
  });
}

/** Refuses a folder that no program is given. Throws `args.invalid`. */
export function refuseFolder(cwd: string, { closed }: Pick<Programs, "closed">): void {
  refuseClosed(shellRun.name, "cwd", cwd, [...closed, ...system]);
  refuseAround(shellRun.name, "cwd", cwd, closed);
}
