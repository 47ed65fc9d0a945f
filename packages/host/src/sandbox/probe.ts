import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Job, Limits, Sandbox } from "@mh/core/ports/executor.ts";
import { nodeInside } from "./bubblewrap.ts";
import { broken, enough, type Tried, tryLimits } from "./probe-limits.ts";
import { ProcessRun } from "./process-run.ts";
import { filterFor } from "./seccomp.ts";

/**
 * Stands inside and tries what must fail there: to read a file of the owner's, to reach a port of this machine, to make a
 * socket, to find a descriptor or a variable of mh's, and to go over each limit. What one job could do, none may run by.
 */
export async function trySandbox(): Promise<Sandbox> {
  if (process.platform !== "linux") return none(`there is none for ${process.platform} yet`);
  if (!isInstalled("bwrap")) return none("bubblewrap (bwrap) is not installed");
  if (!filterFor({ mayFork: false, mayReachRelay: false }))
    return none(`no filter of system calls is known for ${os.arch()}`);
  const limits = tryLimits(outcomeOf);
  const leak = (await Promise.all([boundary(), descriptors(), limits.then(({ leak }) => leak)])).find(Boolean);
  if (leak !== undefined) return none(leak);
  const { caps } = await limits;
  return { kind: "bubblewrap", tried: ["files", "network", "sockets", "environment", "descriptors"], caps };
}

const none = (reason: string): Sandbox => ({ kind: "none", reason, tried: [], caps: [] });

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

const boundaryText = `
import fs from "node:fs"; import net from "node:net";
const [secret, port] = JSON.parse(fs.readFileSync("/mh/probe.json", "utf8"));
const seen = [];
try { fs.readFileSync(secret); seen.push("reads the owner's files"); } catch {}
const connect = (...to) => new Promise((end) => net.connect(...to).on("connect", () => end("")).on("error", (error) => end(error.code)));
if (await connect(port, "127.0.0.1") === "") seen.push("reaches the network");
if (await connect("/none") !== "ENETUNREACH") seen.push("makes sockets");
if (Object.keys(process.env).some((name) => name !== "PWD")) seen.push("finds the environment");
process.stdout.write(JSON.stringify(seen));
process.exit(0);
`;

/** What a job of the base `node` can do that it must not. */
async function boundary(): Promise<string | undefined> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-probe-"));
  const server = net.createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const at = (name: string) => path.join(folder, name);
    fs.writeFileSync(at("secret"), "");
    fs.writeFileSync(at("probe.mjs"), boundaryText);
    const { port } = server.address() as net.AddressInfo;
    fs.writeFileSync(at("probe.json"), JSON.stringify([at("secret"), port]));
    const places = ["probe.mjs", "probe.json"].map((name) => ({ from: at(name), at: `/mh/${name}` }));
    const { end, said, complaint } = await outcomeOf({
      ...{ program: nodeInside, args: ["/mh/probe.mjs"], unsandboxed: "" },
      view: { base: "node", places, folder: "/mh" },
      limits: { ...enough, processesMax: 1 },
    });
    if (end.exitCode !== 0) return broken(end, complaint);
    const seen = JSON.parse(said) as string[];
    return seen.length > 0 ? leaking(seen.join(" and ")) : undefined;
  } finally {
    server.close();
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

const leaking = (what: string): string => `bubblewrap does not hold here: a worker ${what}`;

const shell = (text: string, limits: Limits) =>
  outcomeOf({
    ...{ program: "/bin/sh", args: ["-c", text], limits, unsandboxed: "" },
    view: { base: "system", places: [], folder: "/tmp" },
  });

async function outcomeOf(job: Job): Promise<Tried> {
  const run = new ProcessRun(job, { sandbox: async () => ({ kind: "bubblewrap", tried: [], caps: [] }) });
  const texts = { said: "", complaint: "" };
  run.output.listen((chunk) => {
    texts.said += Buffer.from(chunk).toString("utf8");
  });
  run.errors.listen((chunk) => {
    texts.complaint += Buffer.from(chunk).toString("utf8");
  });
  const end = await run.end;
  return { end, said: texts.said, isGrouped: run.isGrouped, complaint: texts.complaint.trim().split("\n")[0] ?? "" };
}
