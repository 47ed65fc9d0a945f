// What the sandbox keeps out whatever a job was given: sockets, descriptors, folders that were exchanged.
import * as net from "node:net";
import type { Job } from "@mh/core/ports/executor.ts";
import { nodeInside } from "@mh/host/sandbox/bubblewrap.ts";
import { findSandbox, sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { describe, expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";

const executor = sandboxExecutor();
const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);

const limits: Job["limits"] = {
  ...{ timeMs: 60_000, cpuMs: 60_000, memoryBytes: 2 ** 29, processesMax: 32 },
  output: { bytesMax: 2 ** 20, beyond: "drop" },
};

/** Each way in which a job may run, as one that runs a script in Node; the folder is seen as /mnt. */
const ways: Record<string, (script: string, folder: string) => Job> = {
  "base node": (script, folder) => ({
    ...{ program: nodeInside, args: ["--input-type=module", "-e", script], unsandboxed: "" },
    view: { base: "node", places: [{ from: folder, at: "/mnt" }], folder: "/mnt" },
    limits: { ...limits, processesMax: 1 },
  }),
  "base system": (script, folder) => ({
    ...{ program: nodeInside, args: ["--input-type=module", "-e", script], limits, unsandboxed: "" },
    view: {
      ...{ base: "system", folder: "/mnt" },
      places: [
        { from: process.execPath, at: nodeInside },
        { from: folder, at: "/mnt", isWritable: true },
      ],
    },
  }),
  "base system with hosts": (script, folder) => ({
    ...{ program: process.execPath, args: ["--input-type=module", "-e", script], limits, unsandboxed: "" },
    hosts: ["127.0.0.1"],
    view: { base: "system", folder: "/mnt", places: [{ from: folder, at: "/mnt", isWritable: true }] },
  }),
};

/** Runs a job; `onFirstWord` is called when it first says something. */
async function said(job: Job, onFirstWord: () => void = () => undefined): Promise<string> {
  const run = executor.run(job);
  let text = "";
  run.output.listen((chunk) => {
    if (text === "") onFirstWord();
    text += Buffer.from(chunk).toString("utf8");
  });
  run.errors.listen((chunk) => {
    text += Buffer.from(chunk).toString("utf8");
  });
  const end = await run.end;
  return end.status === "exited" ? text : `${end.status}: ${end.message}`;
}

describe.skipIf(sandbox.kind === "none").each(Object.keys(ways))("a job of %s", (way) => {
  const job = (script: string, folder: string): Job => ways[way]?.(script, folder) as Job;

  test("S1 reaches no socket that appears in a folder of its while it runs", async () => {
    using place = makePlace();
    let reached = 0;
    const server = net.createServer((socket) => {
      reached += 1;
      socket.destroy();
    });
    const script = `
      import * as fs from "node:fs"; import * as net from "node:net";
      console.log("up");
      while (!fs.existsSync("/mnt/door")) await new Promise((next) => setTimeout(next, 5));
      const connect = (to) => new Promise((end) => net.connect(to).on("connect", () => end("reached")).on("error", ({ code }) => end(code)));
      console.log(await connect("/mnt/door"), await connect("\\0door"));
      process.exit();`;
    const text = await said(job(script, place.folder), () => server.listen(place.at("door")));
    server.close();
    expect([text, reached]).toEqual(["up\nENETUNREACH ENETUNREACH\n", 0]);
  });
});

describe.skipIf(sandbox.kind === "none")("a job with hosts", () => {
  test("S1 has whole what comes through its relay, in both directions, and nothing after the other side went", async () => {
    using place = makePlace();
    const size = 3_000_000;
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      let came = 0;
      socket.on("data", (chunk) => {
        came += chunk.length;
      });
      socket.on("end", () => socket.end(Buffer.alloc(size, `${came} `)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    const script = `
      import * as net from "node:net"; import * as http from "node:http";
      const { hostname, port } = new URL(process.env.HTTPS_PROXY);
      const asked = http.request({ host: hostname, port, method: "CONNECT", path: "127.0.0.1:${port}", agent: false }).end();
      asked.on("connect", (answer, socket) => {
        let [came, first] = [0, ""];
        socket.on("data", (chunk) => { first ||= String(chunk.subarray(0, 7)); came += chunk.length; });
        socket.on("end", () => { console.log(answer.statusCode, first, came); process.exit(); });
        socket.end(Buffer.alloc(${size}));
      });`;
    const text = await said(ways["base system with hosts"]?.(script, place.folder) as Job);
    server.close();
    expect(text).toBe(`200 ${size} ${size}\n`);
  });

  test("S1 sees no descriptor but its own beside the relay's, and its network has nothing but the loopback", async () => {
    using place = makePlace();
    const script = `
            const shell = process.getBuiltinModule("node:child_process").spawnSync("/bin/sh", ["-c", "ls -l /proc/$$/fd"], { encoding: "utf8" });
      const names = fs.readFileSync("/proc/net/dev", "utf8").match(/^ *\\w+(?=:)/gm).map((name) => name.trim());
      console.log(JSON.stringify([shell.stdout.trim().split("\\n").filter((line) => / ([3-9]|\\d\\d+) -> /.test(line)), names, fs.readdirSync("/mh")]));`;
    const [descriptors, networks, own] = JSON.parse(
      await said(ways["base system with hosts"]?.(script, place.folder) as Job),
    ) as string[][];
    // What leads to nothing stands in the place of what the shell of this test had open.
    expect(descriptors?.filter((each) => !each.endsWith("-> /dev/null"))).toEqual([]);
    expect([networks, own]).toEqual([["lo"], [expect.stringMatching(/^relay\.m[jt]s$/)]]);
  });
});
