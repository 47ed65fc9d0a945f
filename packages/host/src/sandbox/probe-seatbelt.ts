import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Cap, Job, Limits, Sandbox } from "@mh/core/ports/executor.ts";
import { nodeInside } from "./bubblewrap.ts";
import { enough } from "./probe-limits.ts";
import { sandboxExec } from "./seatbelt-job.ts";
import { type Tried, tryJob } from "./tried.ts";

/** What holds on macOS once all was tried: nothing there is a group, and rlimits on memory are not kept. */
const caps: readonly Cap[] = [
  { what: "time", by: ["watched"] },
  { what: "processor", by: ["watched"] },
  { what: "memory", by: ["watched"] },
  { what: "processes", by: ["profile"] },
  { what: "disk, files", by: ["rlimit", "watched"] },
  { what: "descriptors, core files", by: ["rlimit"] },
];

/**
 * The sandbox of macOS, tried as that of Linux is: a job stands inside and tries to read a file of the owner's, to reach a
 * port, a socket in a folder that it was given and the network, to start a process, to signal one, to write beside its
 * scratch, and to find a descriptor or a variable; others go over each limit. What one could do, none may run by.
 */
export async function trySeatbelt(program = sandboxExec): Promise<Sandbox> {
  if (!fs.existsSync(program)) return none("sandbox-exec is not there");
  const tries = [boundary(program), ...Object.keys(overLimits).map((what) => limit(program, what))];
  const leak = (await Promise.all(tries)).find((each) => each !== undefined);
  if (leak !== undefined) return none(leak);
  const tried = ["files", "network", "sockets", "processes", "environment", "descriptors"];
  return { kind: "seatbelt", tried, caps };
}

const none = (reason: string): Sandbox => ({ kind: "none", reason, tried: [], caps: [] });

const boundaryText = `
import fs from "node:fs"; import net from "node:net"; import { spawnSync } from "node:child_process";
const { secret, port, pid, beside, door } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const seen = [];
// What is refused throws, and is what the probe hopes for.
const can = (what, action) => { try { action(); seen.push(what); } catch {} };
const connect = (...to) => new Promise((end) => net.connect(...to).on("connect", () => end(true)).on("error", () => end(false)));
fs.writeSync(1, ".");
while (!fs.existsSync(door)) await new Promise((next) => setTimeout(next, 2));
can("reads the owner's files", () => fs.readFileSync(secret));
can("writes beside its scratch", () => fs.writeFileSync(beside, ""));
can("signals other processes", () => process.kill(pid, 0));
can("starts processes", () => { if (spawnSync("/bin/sh", ["-c", "exit 0"]).status !== 0) throw new Error(); });
can("inherits descriptors", () => { for (let n = 64; n < 1024; n += 1) try { fs.fstatSync(n); return; } catch {} throw new Error(); });
if (await connect(port, "127.0.0.1")) seen.push("reaches the network");
if (await connect(door)) seen.push("reaches a socket in a folder that it was given");
if (Object.keys(process.env).some((name) => !["PWD", "PATH", "HOME", "TMPDIR", "SHLVL", "_", "__CF_USER_TEXT_ENCODING"].includes(name)))
  seen.push("finds the environment");
fs.writeSync(1, JSON.stringify(seen));
process.exit(0);
`;

async function boundary(program: string): Promise<string | undefined> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-probe-")));
  const [server, door] = [1, 2].map(() => net.createServer((socket) => socket.destroy())) as [net.Server, net.Server];
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const at = (name: string) => path.join(folder, name);
    fs.mkdirSync(at("given"));
    fs.writeFileSync(at("secret"), "");
    fs.writeFileSync(at("probe.mjs"), boundaryText);
    const { port } = server.address() as net.AddressInfo;
    const facts = { secret: at("secret"), beside: at("beside"), door: at("given/door"), port, pid: process.pid };
    fs.writeFileSync(at("probe.json"), JSON.stringify(facts));
    const { end, said, complaint } = await outcomeOf(
      program,
      { ...job(at("probe.mjs"), enough, at("probe.json")), view: viewOf(["probe.mjs", "probe.json", "given"].map(at)) },
      () => door.listen(at("given/door")),
    );
    if (end.exitCode !== 0) return `sandbox-exec does not work here: ${complaint || end.message}`;
    const seen = JSON.parse(said.slice(1)) as string[];
    return seen.length > 0 ? `sandbox-exec does not hold here: a worker ${seen.join(" and ")}` : undefined;
  } finally {
    for (const each of [server, door]) each.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** For each limit that ends a job, what goes over it. */
const overLimits: Record<string, [text: string, limits: Partial<Limits>]> = {
  time: ["setInterval(() => {}, 1000);", { timeMs: 50 }],
  cpu: ["for (;;);", { cpuMs: 50 }],
  memory: ["const all = []; setInterval(() => all.push(Buffer.alloc(2 ** 24, 1)), 1);", { memoryBytes: 2 ** 27 }],
};

async function limit(program: string, what: string): Promise<string | undefined> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-limits-")));
  try {
    const [text, limits] = overLimits[what] as [string, Partial<Limits>];
    const file = path.join(folder, "probe.mjs");
    fs.writeFileSync(file, text);
    const { end, complaint } = await outcomeOf(program, job(file, { ...enough, ...limits }));
    return end.reason === what ? undefined : `the limit on ${what} does not hold here (${complaint || end.message})`;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const viewOf = (files: readonly string[]): Job["view"] => ({
  ...{ base: "node", places: files.map((from) => ({ from })), folder: "/mh" },
});

const job = (file: string, limits: Limits, ...args: string[]): Job => ({
  ...{ program: nodeInside, args: [file, ...args], unsandboxed: "", view: viewOf([file]) },
  limits: { ...limits, processesMax: 1 },
});

const outcomeOf = (program: string, job: Job, onFirstWord?: () => void): Promise<Tried> =>
  tryJob(
    job,
    { sandbox: async () => ({ kind: "seatbelt", tried: [], caps: [] }), sandboxExec: program },
    { ...(onFirstWord && { onFirstWord }) },
  );
