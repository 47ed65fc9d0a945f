import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { isInside } from "@mh/core/kernel/scope.ts";
import type { Job, Limits, Place } from "@mh/core/ports/executor.ts";
import { refuseAroundClosed, refuseBelowClosed } from "../adapters/closed-folder.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";

export interface ProgramDeps {
  /** What of the disk no program is given. */
  closed: Pick<ClosedPlaces, "toPrograms">;
  environment: Record<string, string | undefined>;
}

/** It lives as long as it is used, so that there is no limit on its time, nor on that of the processor. */
const limits: Limits = {
  ...{ memoryBytes: 2 ** 30, processesMax: 64 },
  output: { bytesMax: 64 * 2 ** 20, perMs: 10_000, beyond: "end" },
};

/**
 * A local server as a job: the system's files and what its settings name to read, no network but to the hosts that they
 * name, and an environment with nothing but what they say. Throws `mcp.failed`.
 */
export function serverJob(name: string, server: McpServer, deps: ProgramDeps): Job {
  const program = findProgram(name, server.command ?? "", deps.environment);
  return {
    ...{ program, args: server.args, hasInput: true, limits },
    view: {
      base: "system",
      places: placesOf(name, server, program, deps),
      hidden: deps.closed.toPrograms(),
      folder: server.cwd ?? "/tmp",
    },
    environment: server.env,
    hosts: server.network,
    unsandboxed: "MCP servers run only in one.",
  };
}

/** `node` is the one that runs here; everything else is looked for as a shell does. */
function findProgram(name: string, command: string, { PATH = "" }: ProgramDeps["environment"]): string {
  const candidates = path.isAbsolute(command)
    ? [command]
    : command.includes("/")
      ? []
      : [...PATH.split(":"), "/usr/bin", "/usr/local/bin"].map((folder) => path.join(folder, command));
  const found = candidates.find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
  if (found !== undefined) return fs.realpathSync(found);
  if (command === "node") return fs.realpathSync(process.execPath);
  throw new Fault("mcp.failed", `${name}: there is no program ${command.slice(0, 100)}. Give its absolute path.`);
}

/** The program itself, the files that its command line names, and what the settings add. Nothing that is mh's own. */
function placesOf(name: string, server: McpServer, program: string, { closed }: ProgramDeps): Place[] {
  const named = server.args.filter(
    (arg) => path.isAbsolute(arg) && fs.statSync(arg, { throwIfNoEntry: false })?.isFile(),
  );
  const outside = [program, ...named].filter((file) => !isInside("/usr", file));
  const real = (file: string) => (fs.existsSync(file) ? fs.realpathSync(file) : file);
  const shut = closed.toPrograms();
  for (const place of [...outside, ...server.read, ...server.write]) {
    if (!fs.existsSync(place)) throw new Fault("mcp.failed", `${name}: there is no ${place}, which its settings name.`);
    const at = real(place);
    if (at !== real(program)) refuseOwn(name, place, at, shut);
  }
  return [
    ...[...new Set([...outside, ...server.read])].map((from) => ({ from })),
    ...server.write.map((from) => ({ from, isWritable: true })),
  ];
}

/** Throws `mcp.failed` for what is, or holds, a closed place. */
function refuseOwn(name: string, place: string, at: string, closed: readonly string[]): void {
  try {
    const isFolder = fs.statSync(at).isDirectory();
    const folder = isFolder ? at : path.dirname(at);
    if (isFolder || closed.includes(at)) refuseAroundClosed(at, closed, place);
    refuseBelowClosed(folder, folder, closed, place);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const what = `${name}: ${place} is, or holds, what belongs to mh itself, to another home or to the system`;
    throw new Fault("mcp.failed", `${what}. A server is not given that.`, { cause: error });
  }
}
