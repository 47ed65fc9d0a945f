import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Writable } from "node:stream";
import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { isInside } from "@mh/core/kernel/scope.ts";
import { entryFile } from "../sandbox/entry-file.ts";
import { findSandbox } from "../sandbox/sandbox.ts";
import { systemWalls, tellFilter } from "../sandbox/walls.ts";
import { openWayOut } from "./mcp-network.ts";

export interface ProgramDeps {
  /** What of the disk no program is given. */
  closed: readonly string[];
  environment: Record<string, string | undefined>;
}

/** What a program is given to read, and to change. */
interface Places {
  read: string[];
  write: string[];
}

/**
 * Starts a local server behind walls: the system's files and what its settings name to read, no network but to the hosts
 * that they name, and an environment with nothing but what they say. Throws `sandbox.missing`, `mcp.failed`.
 */
export async function startProgram(name: string, server: McpServer, deps: ProgramDeps): Promise<ChildProcess> {
  const { kind, why } = await findSandbox();
  if (kind === "none")
    throw new Fault("sandbox.missing", `MCP servers run only behind walls, and here there are none: ${why}.`);
  const program = findProgram(name, server.command ?? "", deps.environment);
  const places = placesOf(name, server, program, deps);
  const way = server.network.length > 0 ? await openWayOut(server.network) : undefined;
  const relay = entryFile("relay-entry.ts");
  const inside = `/mh/relay${path.extname(relay) === ".ts" ? ".mts" : ".mjs"}`;
  const out = way
    ? [
        ...["--ro-bind", relay, inside],
        ...["--bind", way.socket, "/mh/proxy.sock"],
        ...["--ro-bind-try", "/etc/ssl", "/etc/ssl"],
      ]
    : [];
  const node = process.execPath;
  const before = way ? [node, "--disable-warning=ExperimentalWarning", inside] : [];
  const args = [
    ...systemWalls(deps.closed, 4),
    ...(way && !isInside("/usr", node) ? ["--ro-bind", node, node] : []),
    ...out,
    ...places.read.flatMap((each) => ["--ro-bind", each, each]),
    ...places.write.flatMap((each) => ["--bind", each, each]),
    ...Object.entries(server.env).flatMap(([key, value]) => ["--setenv", key, value]),
    ...["--chdir", server.cwd ?? "/tmp", "--remount-ro", "/"],
  ];
  // By a descriptor: a secret among the variables would stand in the list of processes for everybody to read.
  const options = ["pipe", "pipe", "pipe", "pipe", "pipe"] as const;
  const child = spawn("bwrap", ["--args", "3", "--", ...before, program, ...server.args], {
    stdio: [...options],
    env: { PATH: process.env.PATH },
  });
  const told = child.stdio[3] as Writable;
  // bwrap may be gone before it has read them; what became of it, its exit says.
  told.on("error", () => undefined);
  told.end(args.map((arg) => `${arg}\0`).join(""));
  tellFilter(child, 4);
  child.once("close", () => way?.[Symbol.dispose]());
  child.once("error", () => way?.[Symbol.dispose]());
  return child;
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
function placesOf(name: string, server: McpServer, program: string, { closed }: ProgramDeps): Places {
  const named = server.args.filter(
    (arg) => path.isAbsolute(arg) && fs.statSync(arg, { throwIfNoEntry: false })?.isFile(),
  );
  const outside = [program, ...named].filter((file) => !isInside("/usr", file));
  const real = (file: string) => (fs.existsSync(file) ? fs.realpathSync(file) : file);
  const shut = closed.map(real);
  for (const place of [...outside, ...server.read, ...server.write]) {
    if (!fs.existsSync(place)) throw new Fault("mcp.failed", `${name}: there is no ${place}, which its settings name.`);
    const at = real(place);
    const own = shut.find((each) => isInside(each, at) || isInside(at, each));
    if (own !== undefined && at !== real(program))
      throw new Fault(
        "mcp.failed",
        `${name}: ${place} is, or holds, what belongs to mh itself. A server is not given that.`,
      );
  }
  return { read: [...new Set([...outside, ...server.read])], write: [...server.write] };
}
