import { randomInt } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Job, Limits, Sandbox } from "@mh/core/ports/executor.ts";
import { findProgram } from "../find-program.ts";
import { nodeInside, thisNode } from "./bubblewrap.ts";
import { broken, enough, tryLimits } from "./probe-limits.ts";
import { leaked, type RunDeps } from "./process-run.ts";
import { filterFor } from "./seccomp.ts";
import { type Tried, tryJob } from "./tried.ts";

/**
 * Stands inside, in each way that jobs run, and tries what must fail there: to read a file of the owner's, to reach a port of
 * this machine, to make a socket, to reach one in a folder that it was given, to find a descriptor or a variable of mh's, and
 * to go over each limit. What one job could do, none may run by.
 */
export async function trySandbox(): Promise<Sandbox> {
  if (process.platform === "darwin") return await (await import("./probe-seatbelt.ts")).trySeatbelt();
  if (process.platform !== "linux") return none(`there is none for ${process.platform} yet`);
  if (!findProgram("bwrap")) return none("bubblewrap (bwrap) is not installed");
  if (!filterFor({ mayFork: false, mayReachRelay: false }))
    return none(`no filter of system calls is known for ${os.arch()}`);
  const limits = tryLimits(outcomeOf);
  const leaks = await Promise.all([
    ...[...Object.keys(ways).map(boundary), descriptors(), handedDescriptor()],
    limits.then(({ leak }) => leak),
  ]);
  const leak = leaks.flat().find((each) => each !== undefined);
  if (leak !== undefined) return none(leak);
  const { caps } = await limits;
  return { kind: "bubblewrap", tried: ["files", "network", "sockets", "environment", "descriptors"], caps };
}

const none = (reason: string): Sandbox => ({ kind: "none", reason, tried: [], caps: [] });

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
    await listening(server);
    const at = (name: string) => path.join(folder, name);
    fs.writeFileSync(at("secret"), "");
    fs.writeFileSync(at("probe.mjs"), boundaryText);
    const { port } = server.address() as net.AddressInfo;
    fs.writeFileSync(at("probe.json"), JSON.stringify([at("secret"), port, variables]));
    const places = ["probe.mjs", "probe.json"].map((name) => ({ from: at(name), at: `/mh/${name}` }));
    const job: Job = {
      ...{ program, args: ["/mh/probe.mjs"], hosts, unsandboxed: "" },
      view: { base, places: [...nodes, ...places, { from: given, at: "/mh/given" }], folder: "/mh" },
      limits: { ...enough, processesMax: base === "node" ? 1 : enough.processesMax },
    };
    // By its descriptor: the path of a folder may be longer than that of a socket may be.
    const { end, said, complaint } = await outcomeOf(job, {
      onFirstWord: () => door.listen(`/proc/self/fd/${held}/door`),
    });
    if (end.exitCode !== 0) return broken(end, complaint);
    const seen = JSON.parse(said.slice(1)) as string[];
    return seen.length > 0 ? leaking(seen.join(" and ")) : undefined;
  } finally {
    for (const each of [server, door]) each.close();
    fs.closeSync(held);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** At a port that the system gives to nobody who asks for any: a relay inside would have the very same one some day. */
async function listening(server: net.Server): Promise<void> {
  for (let left = 20; ; left -= 1) {
    try {
      server.listen(10_000 + randomInt(20_000), "127.0.0.1");
      await once(server, "listening");
      return;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (left === 0 || !["EADDRINUSE", "EACCES"].includes(code)) throw error;
    }
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
    const { end, said, complaint } = await outcomeOf(shellJob("ls /proc/self/fd/*/", enough), { leak: root });
    if (end.message.startsWith(leaked)) return undefined;
    return end.exitCode === 0 && said !== "" ? leaking("inherits descriptors, unseen") : broken(end, complaint);
  } finally {
    fs.closeSync(root);
  }
}

const leaking = (what: string): string => `bubblewrap does not hold here: a worker ${what}`;

const shellJob = (text: string, limits: Limits): Job => ({
  ...{ program: "/bin/sh", args: ["-c", text], limits, unsandboxed: "" },
  view: { base: "system", places: [], folder: "/tmp" },
});

const shell = (text: string, limits: Limits) => outcomeOf(shellJob(text, limits));

const bubblewrap: RunDeps = { sandbox: async () => ({ kind: "bubblewrap", tried: [], caps: [] }) };

const outcomeOf = (job: Job, trial: Parameters<typeof tryJob>[2] = {}): Promise<Tried> =>
  tryJob(job, bubblewrap, trial);
