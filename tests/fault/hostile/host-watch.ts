import { spawn, spawnSync } from "node:child_process";
import * as dgram from "node:dgram";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Target } from "./hostile-program.ts";

/** What this machine is like, in so far as a hostile program could change it. */
export type Facts = Record<string, unknown>;

export interface WatchedHost extends AsyncDisposable {
  target: Target;
  /** The folder that stands inside as `/given`, by its path outside. */
  folder: string;
  /** Makes the socket that appears in the folder when a program has begun. */
  openLateSocket(): Promise<AsyncDisposable>;
  facts(): Facts;
  /** Empties the folder. */
  clear(): void;
}

const settings = [
  "kernel/core_pattern",
  "kernel/modprobe",
  "kernel/sysrq",
  "kernel/pid_max",
  "fs/file-max",
  "vm/overcommit_memory",
];

/** Listeners, a process and a file of the owner's, which no hostile program is to reach. */
export async function watchHost(): Promise<WatchedHost> {
  await using stack = new AsyncDisposableStack();
  const own = stack.adopt(fs.mkdtempSync(path.join(os.tmpdir(), "hostile-")), (each) =>
    fs.rmSync(each, { recursive: true, force: true }),
  );
  const at = (name: string) => path.join(own, name);
  fs.mkdirSync(at("given"));
  fs.mkdirSync(at("doors"));
  fs.writeFileSync(at("secret"), "a secret of the owner");
  const reached: string[] = [];
  const listen = async (name: string, to: net.ListenOptions): Promise<net.Server> => {
    const server = net.createServer((socket) => {
      reached.push(name);
      socket.destroy();
    });
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(to, resolve));
    return server;
  };
  const kept = async (name: string, to: net.ListenOptions) =>
    stack.adopt(await listen(name, to), (server) => void server.close());
  const abstract = `hostile-${process.pid}`;
  const tcp = await kept("port", { port: 0, host: "127.0.0.1" });
  await kept("abstract", { path: `\0${abstract}` });
  await kept("path", { path: at("doors/door.sock") });
  const udp = stack.adopt(dgram.createSocket("udp4"), (socket) => void socket.close());
  udp.on("message", () => reached.push("datagram"));
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
  const witness = stack.adopt(spawn("sleep", ["100000"], { stdio: "ignore" }), (child) => void child.kill("SIGKILL"));
  const target: Target = {
    ...{ given: "/given", secret: at("secret"), socket: at("doors/door.sock"), abstract },
    ...{ port: (tcp.address() as net.AddressInfo).port, datagramPort: udp.address().port },
    ...{ witness: witness.pid ?? 0, mark: `9${process.pid}.25` },
  };
  const clockAtFirst = clockOffset();
  const facts = (): Facts => ({
    reached: [...reached],
    secret: [fs.readFileSync(target.secret, "utf8"), fs.statSync(target.secret).mode, fs.statSync(target.secret).nlink],
    witness: stateOf(target.witness),
    left: processesWith(target.mark),
    rights: thatGiveRights(at("given")),
    clock: Math.abs(clockOffset() - clockAtFirst) < 5_000 ? "as it was" : "changed",
    name: os.hostname(),
    settings: settings.map((name) => [name, textOf(`/proc/sys/${name}`)]),
    mounts: textOf("/proc/self/mountinfo")
      .split("\n")
      .filter((line) => / \/ \/ |hostile/.test(line)),
    keys: textOf("/proc/keys")
      .split("\n")
      .filter((line) => /\buser\s+mh\b/.test(line)),
    queues: textOf("/proc/sysvipc/msg"),
    swaps: textOf("/proc/swaps"),
    priority: os.getPriority(process.pid),
  });
  const openLateSocket = async () => {
    const server = await listen("late", { path: at("given/late.sock") });
    return { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
  };
  // Not by Node, which reaches no path that is too long to be named.
  const clear = () => {
    spawnSync("chmod", ["-R", "u+rwX", at("given")]);
    spawnSync("find", [at("given"), "-mindepth", "1", "-delete"]);
  };
  const all = stack.move();
  return { target, folder: at("given"), openLateSocket, facts, clear, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

const clockOffset = (): number => Date.now() - performance.now();

/** Whether it runs, its niceness and its scheduling. See proc(5). */
function stateOf(pid: number): unknown {
  const text = textOf(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { runs: /^[RSD]$/.test(fields[0] ?? ""), nice: fields[16], policy: fields[38] };
}

function processesWith(mark: string): string[] {
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => textOf(`/proc/${pid}/cmdline`).split("\0").includes(mark));
}

/** What lies in the folder and is a device, a socket, a core, or a file that gives the rights of its owner. */
function thatGiveRights(folder: string): string[] {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => {
      const found = fs.lstatSync(path.join(folder, entry.name));
      return (
        (found.mode & 0o6000) !== 0 ||
        entry.name.startsWith("core") ||
        !(found.isFile() || found.isDirectory() || found.isSymbolicLink())
      );
    })
    .map(({ name }) => name);
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
