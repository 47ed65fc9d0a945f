import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { connectHome } from "@mh/host/connect/connect-home.ts";
import { expect, test } from "vitest";
import { isAlive } from "../support/is-alive.ts";
import { mhWithHome } from "./mh.ts";

/** What a daemon that runs may be asked, by each way to it. */
const commands = [
  ["capture", "Met with Sarah"],
  ["memory", "list"],
  ["ask", "Who is Sarah?"],
  ["config", "set", "owner", "Ada"],
];

test("R-12 a daemon that is stopped is waited for no longer than it takes to know, and what to do is said", async () => {
  using mh = mhWithHome();
  fs.appendFileSync(path.join(mh.root, "config.yaml"), "\ndaemon:\n  port: 0\n");
  expect(mh.run(["daemon", "start"]).code).toBe(0);
  const { pid } = JSON.parse(fs.readFileSync(path.join(mh.root, "run", "daemon.json"), "utf8")) as { pid: number };
  const environment = { HOME: mh.config };
  await using known = await connectHome(mh.root, { environment });
  try {
    process.kill(pid, "SIGSTOP");
    const underWay = known.act("memory.list", {}).catch((error: unknown) => error);
    const ended = await Promise.all(commands.map((args) => mh.start(args)));
    for (const { code, err } of ended) expect([code, err]).toEqual([7, expect.stringContaining(`kill -CONT ${pid}`)]);
    expect(await underWay).toMatchObject({ code: "home.busy" });
    expect(mh.run(["status"]).code).toBe(0);
    process.kill(pid, "SIGCONT");
    expect(mh.run(["capture", "It answers again"]).code).toBe(0);
    expect(mh.run(["daemon", "stop"]).code).toBe(0);
    expect(mh.run(["memory", "list"]).out).toContain("It answers again");
  } finally {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  }
});

test("R-10 what a daemon was at when it was killed is not known where the home cannot be opened any more", async () => {
  using mh = mhWithHome();
  const environment = { HOME: mh.config };
  const program = path.join(import.meta.dirname, "stuck-daemon-child.ts");
  const child = spawn(process.execPath, ["--conditions=mh-source", program, mh.root, mh.config]);
  const says = (word: string) =>
    new Promise<void>((resolve) => child.stdout.on("data", (chunk) => String(chunk).includes(word) && resolve()));
  try {
    await says("up");
    await using client = await connectHome(mh.root, { environment });
    const loops = says("loops");
    const underWay = client.act("test.loop", {});
    await loops;
    fs.writeFileSync(path.join(mh.root, "home.json"), "no home");
    child.kill("SIGKILL");
    const end = await underWay;
    expect(end).toMatchObject({ status: "interrupted", message: expect.stringContaining("is not known: mh why") });
    await expect(client.check("memory.list", {})).rejects.toThrow(/home\.json/);
  } finally {
    child.kill("SIGKILL");
  }
});

/** What listens where the home's socket is, and is no daemon. */
const impostors: Record<string, (socket: net.Socket) => void> = {
  "says nothing": () => undefined,
  "breaks off in the middle of an answer": (socket) => void socket.once("data", () => socket.end('{"n":1,"noc')),
  "says half an answer": (socket) => void socket.once("data", () => socket.write('{"n":1,"noc')),
  "says what is no JSON": (socket) => void socket.once("data", () => socket.write("<html>\n\0\xff\n")),
  "goes on for ever": (socket) => void socket.once("data", () => goOn(socket)),
};

function goOn(socket: net.Socket): void {
  while (!socket.destroyed && socket.write("x-header: 1\r\r".repeat(100)));
  socket.once("drain", () => goOn(socket));
}

test.each(Object.keys(impostors))(
  "R-12 with a socket that %s every command ends, and says what to do",
  async (name) => {
    using mh = mhWithHome();
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      impostors[name]?.(socket);
    });
    fs.mkdirSync(path.join(mh.root, "run"), { recursive: true, mode: 0o700 });
    await new Promise<void>((resolve) => server.listen(path.join(mh.root, "run", "mh.sock"), resolve));
    try {
      // Where the listener has gone, the home is free.
      const codes = name.startsWith("breaks off") ? [0, 7] : [3, 7];
      for (const args of commands.slice(0, 2)) {
        const { code, err } = await mh.start(args);
        expect(codes, err).toContain(code);
        if (code !== 0) expect(err).toMatch(/`mh (doctor|daemon stop)`/);
      }
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  },
);
