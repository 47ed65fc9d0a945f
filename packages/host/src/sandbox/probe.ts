import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Job, Limits, RunEnd, Sandbox } from "@mh/core/ports/executor.ts";
import { nodeInside, thisNode } from "./bubblewrap.ts";
import { leaked, ProcessRun } from "./process-run.ts";
import { filterFor } from "./seccomp.ts";

/**
 * Stands inside, in each way that jobs run, and tries what must fail there: to read a file of the owner's, to reach a port of
 * this machine, to make a socket, to reach one in a folder that it was given, to find a descriptor or a variable of mh's, and
 * to go over each limit. What one job could do, none may run by.
 */
export async function trySandbox(): Promise<Sandbox> {
  if (process.platform !== "linux") return none(`there is none for ${process.platform} yet`);
  if (!isInstalled("bwrap")) return none("bubblewrap (bwrap) is not installed");
  if (!filterFor({ mayFork: false, mayReachRelay: false }))
    return none(`no filter of system calls is known for ${os.arch()}`);
  const leaks = await Promise.all([
    ...[...Object.keys(ways).map(boundary), descriptors(), handedDescriptor()],
    ...Object.keys(overLimits).map(limit),
  ]);
  const leak = leaks.flat().find((each) => each !== undefined);
  if (leak !== undefined) return none(leak);
  return {
    kind: "bubblewrap",
    tried: [...["files", "network", "sockets", "environment", "descriptors"], ...Object.keys(overLimits)],
  };
}

const none = (reason: string): Sandbox => ({ kind: "none", reason, tried: [] });

const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && isProgram(path.join(folder, program)));

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Enough for what is tried, wherever this runs; what takes it all did not come to its aim. */
const enough: Limits = {
  ...{ timeMs: 30_000, cpuMs: 30_000, memoryBytes: 2 ** 29, processesMax: 40 },
  output: { bytesMax: 2 ** 16, beyond: "drop" },
};

/** `door` appears once the job has said its first word. */
const boundaryText = `
import fs from "node:fs"; import net from "node:net";
const [secret, port, variables] = JSON.parse(fs.readFileSync("/mh/probe.json", "utf8"));
const seen = [];
const connect = (...to) => new Promise((end) => net.connect(...to).on("connect", () => end("")).on("error", (error) => end(error.code)));
fs.writeSync(1, ".");
while (!fs.existsSync("/mh/given/door")) await new Promise((next) => setTimeout(next, 2));
try { fs.readFileSync(secret); seen.push("reads the owner's files"); } catch {}
if (await connect(port, "127.0.0.1") === "") seen.push("reaches the network");
if (await connect("/none") !== "ENETUNREACH") seen.push("makes sockets");
if (await connect("/mh/given/door") === "") seen.push("reaches a socket in a folder that it was given");
if (Object.keys(process.env).some((name) => !variables.includes(name))) seen.push("finds the environment");
fs.writeSync(1, JSON.stringify(seen));
process.exit(0);
`;

const proxyNames = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
const systemNames = ["PWD", "PATH", "HOME", "LANG"];

/** In each way that jobs run: the base, Node's path there, what is granted, and the variables that there are. */
const ways = {
  agent: { base: "node", program: nodeInside, hosts: [], nodes: [], variables: ["PWD"] },
  program: { base: "system", program: process.execPath, hosts: [], nodes: [thisNode], variables: systemNames },
  server: {
    base: "system",
    program: process.execPath,
    hosts: ["127.0.0.1"],
    nodes: [thisNode],
    variables: [...systemNames, ...proxyNames, "NODE_USE_ENV_PROXY"],
  },
} as const;

/** What a job can do that it must not. */
async function boundary(way: string): Promise<string | undefined> {
  const { base, program, hosts, nodes, variables } = ways[way as keyof typeof ways];
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-probe-")));
  const given = fs.mkdtempSync(path.join(folder, "given-"));
  const held = fs.openSync(given, "r");
  const [server, door] = [1, 2].map(() => net.createServer((socket) => socket.destroy())) as [net.Server, net.Server];
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const at = (name: string) => path.join(folder, name);
    fs.writeFileSync(at("secret"), "");
    fs.writeFileSync(at("probe.mjs"), boundaryText);
    const { port } = server.address() as net.AddressInfo;
    // A relay's own port may be the very same, and is not this one.
    fs.writeFileSync(at("probe.json"), JSON.stringify([at("secret"), port, variables]));
    const places = ["probe.mjs", "probe.json"].map((name) => ({ from: at(name), at: `/mh/${name}` }));
    const job: Job = {
      ...{ program, args: ["/mh/probe.mjs"], hosts, unsandboxed: "" },
      view: { base, places: [...nodes, ...places, { from: given, at: "/mh/given" }], folder: "/mh" },
      limits: { ...enough, processesMax: base === "node" ? 1 : enough.processesMax },
    };
    // By its descriptor: the path of a folder may be longer than that of a socket may be.
    const { end, said, complaint } = await outcomeOf(job, () => door.listen(`/proc/self/fd/${held}/door`));
    if (end.exitCode !== 0) return broken(end, complaint);
    const seen = JSON.parse(said.slice(1)) as string[];
    return seen.length > 0 ? leaking(seen.join(" and ")) : undefined;
  } finally {
    for (const each of [server, door]) each.close();
    fs.closeSync(held);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What is open that should not be; what leads to nothing is nothing. */
async function descriptors(): Promise<string | undefined> {
  const { end, said, complaint } = await shell("ls -l /proc/$$/fd; :", enough);
  if (end.exitCode !== 0) return broken(end, complaint);
  const open = [...said.matchAll(/ (\d+) -> (.+)$/gm)].filter(([, n]) => Number(n) > 2);
  return open.some(([, , to]) => to !== "/dev/null") ? leaking("inherits descriptors") : undefined;
}

/** One at a high number, with a gap before it, that bubblewrap was given and nobody was to have: the job must not begin. */
async function handedDescriptor(): Promise<string | undefined> {
  const root = fs.openSync("/", "r");
  try {
    const { end, said, complaint } = await outcomeOf(shellJob("ls /proc/self/fd/*/", enough), undefined, root);
    if (end.message.startsWith(leaked)) return undefined;
    return end.exitCode === 0 && said !== "" ? leaking("inherits descriptors, unseen") : broken(end, complaint);
  } finally {
    fs.closeSync(root);
  }
}

/** For each limit, what goes over it. */
const overLimits: Record<"time" | "cpu" | "memory" | "processes", [text: string, limits: Partial<Limits>]> = {
  time: ["exec sleep 1000", { timeMs: 50 }],
  cpu: ["while :; do :; done", { cpuMs: 50 }],
  memory: [
    "x=0123456789abcdef; for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do x=$x$x; done; sleep 1000",
    { memoryBytes: 2 ** 23 },
  ],
  processes: ["for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done; wait", { processesMax: 8 }],
};

async function limit(name: string): Promise<string | undefined> {
  const what = name as keyof typeof overLimits;
  const [text, limits] = overLimits[what];
  const { end, complaint } = await shell(text, { ...enough, ...limits });
  if (end.reason === what) return undefined;
  const instead = complaint || end.message;
  return `the limit on ${what} does not hold here (${instead})`;
}

const broken = ({ status, reason, message }: RunEnd, complaint: string): string =>
  status === "killed" && reason === "sandbox.missing"
    ? message
    : `bubblewrap does not work here: ${complaint || message}`;

const leaking = (what: string): string => `bubblewrap does not hold here: a worker ${what}`;

const shellJob = (text: string, limits: Limits): Job => ({
  ...{ program: "/bin/sh", args: ["-c", text], limits, unsandboxed: "" },
  view: { base: "system", places: [], folder: "/tmp" },
});

const shell = (text: string, limits: Limits) => outcomeOf(shellJob(text, limits));

async function outcomeOf(
  job: Job,
  onFirstWord: () => void = () => undefined,
  leak?: number,
): Promise<{ end: RunEnd; said: string; complaint: string }> {
  const run = new ProcessRun(job, async () => ({ kind: "bubblewrap", tried: [] }), leak);
  const texts = { said: "", complaint: "" };
  run.output.listen((chunk) => {
    if (texts.said === "") onFirstWord();
    texts.said += Buffer.from(chunk).toString("utf8");
  });
  run.errors.listen((chunk) => {
    texts.complaint += Buffer.from(chunk).toString("utf8");
  });
  const end = await run.end;
  return { end, said: texts.said, complaint: texts.complaint.trim().split("\n")[0] ?? "" };
}
