import { type ChildProcess, execFile, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { noNewProcesses } from "./seccomp.ts";

export type SandboxKind = "bubblewrap" | "none";

export interface Sandbox {
  kind: SandboxKind;
  /** Why there is none, or why what is there does not hold. */
  why?: string;
}

let found: Promise<Sandbox> | undefined;

/** The walls that this machine can put around an agent: tried once, by really standing inside them. */
export function findSandbox(): Promise<Sandbox> {
  found ??= probe().catch((error: unknown) => {
    // It could not even be tried, which says nothing of the next time.
    found = undefined;
    throw error;
  });
  return found;
}

/** What runs inside, and what it is given. */
interface Inside {
  /** Options for Node. */
  flags: readonly string[];
  /** Files that are there besides Node itself, by their path inside; read-only. */
  files: Readonly<Record<string, string>>;
  /** The file that Node runs, by its path inside. */
  entry: string;
}

const nodeInside = "/mh/node";

/**
 * Starts Node behind the walls: namespaces of its own, no network, no capability, no second process, an empty environment,
 * and of the disk nothing but Node, its libraries and the given files. Descriptor 3 is the one way out.
 */
export function spawnInside({ flags, files, entry }: Inside): ChildProcess {
  const binds = { [nodeInside]: process.execPath, ...libraries(), ...files };
  const filter = noNewProcesses();
  const args = [
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    ...["--cap-drop", "ALL"],
    // Nothing is to be written anywhere, shared memory included: what empty files cost, no limit would see.
    ...["--dev", "/dev", "--remount-ro", "/dev"],
    ...Object.entries(binds).flatMap(([inside, outside]) => ["--ro-bind", outside, inside]),
    ...["--remount-ro", "/"],
    ...["--chdir", "/mh"],
    ...(filter ? ["--seccomp", "4"] : []),
    ...["--", nodeInside, ...flags, entry],
  ];
  const stdio = ["ignore", "pipe", "pipe", "pipe", "pipe"] as const;
  const child = spawn("bwrap", args, { stdio: [...stdio], env: { PATH: process.env.PATH } });
  const channel = child.stdio[4] as net.Socket;
  // bwrap may be gone, or not be there at all, before it has read the filter; what became of it, its exit says.
  channel.on("error", () => undefined);
  channel.end(filter ?? "");
  return child;
}

let libraryFiles: Record<string, string> | undefined;

/** The shared objects that this Node runs with: exactly these are there inside, too. */
function libraries(): Record<string, string> {
  if (!libraryFiles) {
    const report = process.report.getReport() as unknown as { sharedObjects: string[] };
    const objects = report.sharedObjects.filter((file) => path.isAbsolute(file) && fs.existsSync(file));
    const isNode = (file: string) => fs.realpathSync(file) === fs.realpathSync(process.execPath);
    libraryFiles = Object.fromEntries(
      objects.filter((file) => !isNode(file) && !file.endsWith(".node")).map((file) => [file, fs.realpathSync(file)]),
    );
  }
  return libraryFiles;
}

const probeText = `
import fs from "node:fs"; import net from "node:net";
const [secret, port] = JSON.parse(fs.readFileSync("/mh/probe.json", "utf8"));
const seen = [];
try { fs.readFileSync(secret); seen.push("reads the owner's files"); } catch {}
const socket = net.connect(port, "127.0.0.1");
const reached = await new Promise((r) => { socket.on("connect", () => r(true)); socket.on("error", () => r(false)); });
if (reached) seen.push("reaches the network");
process.stdout.write(JSON.stringify(seen));
process.exit(0);
`;

/** Stands inside once and tries what must fail: to read a file of the owner's, and to reach a port of this machine. */
async function probe(): Promise<Sandbox> {
  if (process.platform !== "linux") return { kind: "none", why: `there is none for ${process.platform} yet` };
  const version = await new Promise<string | undefined>((resolve) => {
    execFile("bwrap", ["--version"], (error) => resolve(error ? error.message : undefined));
  });
  if (version !== undefined) return { kind: "none", why: "bubblewrap (bwrap) is not installed" };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-probe-"));
  const server = net.createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const secret = path.join(folder, "secret");
    fs.writeFileSync(secret, "");
    fs.writeFileSync(path.join(folder, "probe.mjs"), probeText);
    const { port } = server.address() as net.AddressInfo;
    fs.writeFileSync(path.join(folder, "probe.json"), JSON.stringify([secret, port]));
    const files = {
      "/mh/probe.mjs": path.join(folder, "probe.mjs"),
      "/mh/probe.json": path.join(folder, "probe.json"),
    };
    return verdictOn(await outputOf(spawnInside({ flags: [], files, entry: "/mh/probe.mjs" })));
  } finally {
    server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function verdictOn({ code, out, err }: { code: number | null; out: string; err: string }): Sandbox {
  if (code !== 0) return { kind: "none", why: `bubblewrap does not work here: ${err.trim().split("\n")[0] ?? code}` };
  const seen = JSON.parse(out) as string[];
  if (seen.length === 0) return { kind: "bubblewrap" };
  return { kind: "none", why: `bubblewrap does not hold here: a worker ${seen.join(" and ")}` };
}

function outputOf(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: -1, out, err: error.message }));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
