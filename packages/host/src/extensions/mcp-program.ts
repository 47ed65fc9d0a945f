import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { isInside } from "@mh/core/model/scope.ts";
import type { Job, Limits, Place } from "@mh/core/ports/executor.ts";
import { absoluteFolders } from "../find-program.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";
import { thisNode } from "../sandbox/bubblewrap.ts";

export interface ProgramDeps {
  /** What of the disk no program is given. */
  closed: Pick<ClosedPlaces, "toPrograms">;
  environment: Record<string, string | undefined>;
}

/** It lives as long as it is used, so that there is no limit on its time; of the processor it may take one, for long. */
const limits: Limits = {
  ...{ memoryBytes: 2 ** 30, processesMax: 64, cpuMs: 600_000, cpuPerMs: 600_000 },
  disk: { bytesMax: 4 * 2 ** 30, filesMax: 250_000 },
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
      places: placesOf(server, program),
      hidden: deps.closed.toPrograms(),
      folder: server.cwd ?? "/tmp",
    },
    environment: server.env,
    hosts: server.network,
    unsandboxed: "MCP servers run only in one.",
  };
}

/** `node` is the one that runs here; everything else is looked for as a shell does. */
function findProgram(name: string, command: string, { PATH }: ProgramDeps["environment"]): string {
  const candidates = path.isAbsolute(command)
    ? [command]
    : command.includes("/")
      ? []
      : [...absoluteFolders(PATH), "/usr/bin", "/usr/local/bin"].map((folder) => path.join(folder, command));
  const found = candidates.find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
  if (found !== undefined) return fs.realpathSync(found);
  if (command === "node") return fs.realpathSync(process.execPath);
  throw new Fault("mcp.failed", `${name}: there is no program ${command.slice(0, 100)}. Give its absolute path.`);
}

/**
 * The program itself, the files that its command line names, and what the settings add. That nothing of it is mh's own, nor
 * behind a link, the executor sees to, each time that the server starts.
 */
function placesOf(server: McpServer, program: string): Place[] {
  const isFile = (arg: string) => path.isAbsolute(arg) && fs.statSync(arg, { throwIfNoEntry: false })?.isFile();
  const outside = [program, ...server.args.filter(isFile)].filter((file) => !isInside("/usr", file));
  return [
    ...[...new Set([...outside, ...server.read])].map((from) => (from === thisNode.from ? thisNode : { from })),
    ...server.write.map((from) => ({ from, isWritable: true })),
  ];
}
