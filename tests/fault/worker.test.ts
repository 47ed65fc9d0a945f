import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { describeAgent } from "@mh/host/sandbox/describe-agent.ts";
import { findSandbox, sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { type RunningWorker, runWorker, type WorkerEnd, type WorkerJob } from "@mh/host/sandbox/run-worker.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAlive } from "../support/is-alive.ts";

const isCi = process.env.CI === "true";
const executor = sandboxExecutor();
const sandbox = await findSandbox();
if (sandbox.kind === "none" && isCi) throw new Error(`No sandbox in CI: ${sandbox.reason}`);
if (sandbox.kind === "none") process.emitWarning(`Skipped: there is no sandbox here: ${sandbox.reason}.`);

const limits = { timeMs: 300_000, cpuMs: 20_000, memoryBytes: 512 * 2 ** 20 };

interface Tried {
  end: WorkerEnd;
  logs: { stream: string; text: string }[];
  acts: { skill: string; args: unknown }[];
}

interface Trial extends Partial<WorkerJob> {
  onStart?: (worker: RunningWorker) => void;
}

/** Runs the body of an agent's `run`. */
async function tryOut(body: string, { onStart, ...more }: Trial = {}): Promise<Tried> {
  const acts: Tried["acts"] = [];
  const logs: Tried["logs"] = [];
  const worker = runWorker(executor, {
    source: agentText(body),
    shipped: false,
    limits,
    context: {
      name: "trial",
      config: { depth: 3 },
      owner: { name: "Ada", timeZone: "UTC" },
      trigger: { kind: "owner" },
    },
    act: async (skill, args) => {
      acts.push({ skill, args });
      return { status: "done", id: "0", value: { echo: args } } as never;
    },
    log: (line) => logs.push(line),
    ...more,
  });
  onStart?.(worker);
  return { end: await worker.end, logs, acts };
}

const agentText = (body: string): string => `
import { type AgentContext, defineAgent } from "@mh/core/agent";
const builtin = (name: string): any => process.getBuiltinModule(name);
export const agent = defineAgent({
  name: "trial", title: "Tries things", triggers: [{ every: "1h" }], may: ["a.b"], ensures: ["a.b"],
  async run(agent: AgentContext) { ${body} },
});`;

describe.skipIf(sandbox.kind === "none")("in the sandbox", () => {
  // Node's own permission checks stop some of these before the sandbox does: each is tried without them, too.
  const bare = { flags: [] };
  let folder = "";
  let server: net.Server;
  let socket: net.Server;
  let port = 0;
  let connections = 0;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-worker-"));
    fs.writeFileSync(path.join(folder, "persona.md"), "a secret of the owner");
    const count = (connection: net.Socket) => {
      connections += 1;
      connection.destroy();
    };
    server = net.createServer(count);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as net.AddressInfo).port;
    socket = net.createServer(count);
    await new Promise<void>((resolve) => socket.listen(path.join(folder, "mh.sock"), resolve));
  });

  afterAll(() => {
    server.close();
    socket.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test("an agent is run, acts by the one channel, and what it says is kept", async () => {
    const { end, logs, acts } = await tryOut(`
      console.log("to the console"); agent.log("to its log"); console.error("oh");
      const outcome = await agent.act("memory.search", { query: "x", depth: agent.config.depth });
      agent.log(JSON.stringify(outcome)); agent.log(agent.owner.name);
      // Long enough to be looked at.
      for (const until = performance.now() + 500; performance.now() < until; );`);
    expect(end).toMatchObject({ status: "done" });
    expect(acts).toEqual([{ skill: "memory.search", args: { query: "x", depth: 3 } }]);
    expect(logs).toEqual(
      expect.arrayContaining([
        { stream: "out", text: "to the console" },
        { stream: "err", text: "oh" },
        { stream: "log", text: "to its log" },
        { stream: "log", text: "Ada" },
        { stream: "log", text: '{"status":"done","id":"0","value":{"echo":{"query":"x","depth":3}}}' },
      ]),
    );
    expect(end.usage.rssBytesMax).toBeGreaterThan(10 * 2 ** 20);
  });

  describe.each([
    ["with Node's permission checks", {}],
    ["with the sandbox alone", bare],
  ])("K15 a hostile worker, %s", (_name, more) => {
    test("does not read the persona", async () => {
      const file = JSON.stringify(path.join(folder, "persona.md"));
      const { end } = await tryOut(`agent.log(builtin("fs").readFileSync(${file}, "utf8"));`, more);
      expect(end).toMatchObject({ status: "failed", reason: "error" });
      expect(end.message).toMatch(/ENOENT|ERR_ACCESS_DENIED|access to this API has been restricted/i);
    });

    test("sees nothing of the disk but Node and its libraries", async () => {
      const { logs } = await tryOut(
        `for (const at of ["/", "/home", "/root", "/etc", "/proc", "/tmp", "/var", "/run", "/mh"])
          try { agent.log(at + ": " + builtin("fs").readdirSync(at).join(" ")); } catch { agent.log(at + ": nothing"); }`,
        more,
      );
      const seen = logs.map(({ text }) => text).join("\n");
      expect(seen).toMatch(/^\/home: nothing$/m);
      expect(seen).toMatch(/^\/root: nothing$/m);
      expect(seen).toMatch(/^\/proc: nothing$/m);
      expect(seen).not.toMatch(/passwd|persona|memory|mh\.sock|\.config/);
    });

    test("does not open the home's socket", async () => {
      connections = 0;
      const at = JSON.stringify(path.join(folder, "mh.sock"));
      const { end } = await tryOut(connecting(at), more);
      expect(end).toMatchObject({ status: "failed", reason: "error" });
      expect(connections).toBe(0);
    });

    test("does not connect out, not even to this machine", async () => {
      connections = 0;
      const { end } = await tryOut(connecting(`${port}, "127.0.0.1"`), more);
      expect(end).toMatchObject({ status: "failed", reason: "error" });
      expect(connections).toBe(0);
    });

    test("does not spawn anything, nor itself, nor mh", async () => {
      const { end } = await tryOut(
        `builtin("child_process").spawnSync(process.execPath, ["-e", "0"]);
        agent.log("still here"); throw new Error("not ended");`,
        more,
      );
      expect(end.message).not.toContain("not ended");
      expect(end.status === "killed" ? end.reason : end.message).toMatch(/processes|restricted|ERR_ACCESS_DENIED/);
    });

    test("signals nobody", async () => {
      const kills = [process.pid, process.ppid, 1].map((pid) => `try { process.kill(${pid}, "SIGTERM"); } catch {}`);
      let signalled = 0;
      const count = () => {
        signalled += 1;
      };
      process.on("SIGTERM", count);
      await tryOut(`${kills.join("\n")} await agent.act("a.b", {});`, more);
      process.off("SIGTERM", count);
      expect(signalled).toBe(0);
      expect(process.kill(process.ppid, 0)).toBe(true);
    });

    test("finds an empty environment and no other descriptor", async () => {
      const { logs } = await tryOut(
        `agent.log(JSON.stringify(process.env));
         const open = []; for (let fd = 3; fd < 64; fd += 1) try { builtin("fs").fstatSync(fd); open.push(fd); } catch {}
         agent.log(open.join(" "));`,
        more,
      );
      expect(JSON.parse(logs[0]?.text ?? "")).toEqual(expect.not.objectContaining({ HOME: expect.anything() }));
      expect(Object.keys(JSON.parse(logs[0]?.text ?? "")).filter((name) => name !== "PWD")).toEqual([]);
    });
  });

  test("an agent's file imports nothing but what agents may know", async () => {
    const { end } = await tryOut(`await import("node:fs");`);
    expect(end.message).toContain("imports @mh/core/agent and nothing else");
  });

  test("H14 an endless loop is ended on time", async () => {
    const { end } = await tryOut("for (;;);", { limits: { ...limits, timeMs: 400 } });
    expect(end).toMatchObject({ status: "killed", reason: "time", message: "It took more than 0.4 s." });
  });

  test("H14 an endless loop is ended on processor time", async () => {
    const { end } = await tryOut("for (;;);", { limits: { ...limits, cpuMs: 300 } });
    expect(end).toMatchObject({ status: "killed", reason: "cpu" });
  });

  test("H14 an agent that waits for ever is ended on time", async () => {
    const { end } = await tryOut("await new Promise(() => setInterval(() => {}, 1000));", {
      limits: { ...limits, timeMs: 300 },
    });
    expect(end).toMatchObject({ status: "killed", reason: "time" });
  });

  test.each([
    ["objects", "const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));"],
    [
      "buffers",
      "const kept = []; for (;;) { kept.push(Buffer.alloc(4_000_000, 1)); await new Promise((next) => setTimeout(next, 5)); }",
    ],
  ])("H14 a hog of memory is ended: %s", async (_what, body) => {
    const { end } = await tryOut(body, { limits: { ...limits, memoryBytes: 128 * 2 ** 20 } });
    expect(end).toMatchObject({ status: "killed", reason: "memory", message: "It used more than 128 MiB of memory." });
  });

  test("H14 a fork is the end of a worker, whatever its own code does about it", async () => {
    const { end } = await tryOut(
      `try { builtin("child_process").spawn("/mh/node"); } catch {} await new Promise(() => setInterval(() => {}, 1000));`,
      bare,
    );
    expect(end).toMatchObject({ status: "killed", reason: "processes" });
  });

  const stillMs = 1_500;
  test("H14 a suspended worker stands still, and its time with it", async () => {
    const seen: number[] = [];
    let worker: RunningWorker | undefined;
    let pausedMs = 0;
    const standStill = async () => {
      worker?.pause();
      const pausedAt = performance.now();
      // What it said before is still under way: it stands still once nothing came for so long.
      await expect.poll(() => performance.now() - (seen.at(-1) ?? 0)).toBeGreaterThan(stillMs);
      pausedMs = performance.now() - pausedAt;
      worker?.resume();
    };
    let still: Promise<void> | undefined;
    const begun = performance.now();
    const { end } = await tryOut(`for (;;) { agent.log("tick"); await new Promise((r) => setTimeout(r, 20)); }`, {
      // Enough to begin in, wherever this runs.
      limits: { ...limits, timeMs: 10_000 },
      log: () => {
        if (seen.push(performance.now()) === 3) still = standStill();
      },
      onStart: (started) => {
        worker = started;
      },
    });
    const livedMs = performance.now() - begun;
    await still;
    expect(end).toMatchObject({ status: "killed", reason: "time" });
    // Its own time is what it lived, less what it stood still.
    expect(livedMs - end.usage.ms).toBeGreaterThan(pausedMs - 100);
    const gaps = seen.map((at, index) => at - (seen[index - 1] ?? at));
    expect(Math.max(...gaps)).toBeGreaterThan(stillMs);
  });

  test.each([
    ["a line that is no message", `process.getBuiltinModule("fs").writeSync(3, "hello\\n");`],
    ["an unknown method", `process.getBuiltinModule("fs").writeSync(3, '{"method":"kernel.stop","id":1}\\n');`],
    ["an answer to nothing", `process.getBuiltinModule("fs").writeSync(3, '{"id":99,"result":1}\\n');`],
    [
      "a message without end",
      `const big = Buffer.alloc(2 ** 20, 97); for (;;) try { builtin("fs").writeSync(3, big); } catch { await new Promise(setImmediate); }`,
    ],
    [
      "too many commands at once",
      `const wait = []; for (let n = 0; n < 200; n += 1) wait.push(agent.act("a.b", {})); await Promise.all(wait);`,
    ],
  ])("a worker that breaks the rules of the channel is ended: %s", async (_what, body) => {
    const never = body.includes("200") ? { act: () => new Promise<never>(() => undefined) } : {};
    const { end } = await tryOut(`${body} await new Promise(() => setInterval(() => {}, 1000));`, {
      ...bare,
      ...never,
    });
    expect(end).toMatchObject({ status: "killed", reason: "protocol" });
  });

  test("K15 what a worker sends in place of words harms nobody but itself", async () => {
    const odd = '{"toString":1,"valueOf":1}';
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const lines = [
      `{"method":${odd}}`,
      `{"method":"hello","params":{"abi":${odd}}}\n{"method":"kernel.stop"}`,
      `{"method":"log","params":{"text":${odd}}}\n{"method":"kernel.stop"}`,
      `{"method":"log","params":{"text":${deep}}}\n{"method":"kernel.stop"}`,
      `{"id":${odd},"result":1}`,
      `{"id":2,"error":{"message":${odd}}}\n{"method":"kernel.stop"}`,
      `{"id":2,"result":"${"x".repeat(70_000)}"}`,
      `{"id":1,"method":"act","params":{"skill":"${"a".repeat(101)}"}}`,
    ];
    for (const line of lines) {
      const { end } = await tryOut(
        `const text = ${JSON.stringify(`${line}\n`)};
         for (let at = 0; at < text.length; ) try { at += builtin("fs").writeSync(3, text.slice(at)); } catch { await new Promise(setImmediate); }
         await new Promise(() => setInterval(() => {}, 1000));`,
        bare,
      );
      expect({ line: line.slice(0, 80), reason: end.reason }).toEqual({ line: line.slice(0, 80), reason: "protocol" });
    }
  });

  test("K15 a worker that gives commands and never reads their ends does not fill its host's memory", async () => {
    const value = "x".repeat(2 ** 20);
    let given = 0;
    const { end } = await tryOut(
      `const say = (text) => { for (;;) try { return builtin("fs").writeSync(3, text); } catch {} };
       for (let n = 0; ; n += 1) say(JSON.stringify({ id: n, method: "act", params: { skill: "a.b" } }) + "\\n");`,
      {
        ...bare,
        act: async () => {
          given += 1;
          return { status: "done", id: "0", value };
        },
      },
    );
    expect(end).toMatchObject({ status: "killed", reason: "protocol" });
    expect(given).toBeLessThan(200);
  });

  test("K15 a worker that floods its log is ended", async () => {
    const { end } = await tryOut(`for (;;) { agent.log("x"); await new Promise(setImmediate); }`, bare);
    expect(end).toMatchObject({ status: "killed", reason: "protocol" });
  });

  test("K15 nothing is written where no limit on memory would see it", async () => {
    const { logs } = await tryOut(
      `for (const file of ["/dev/null", "/dev/shm/x", "/dev/x", "/tmp/x", "/x", "/mh/x"])
         try { builtin("fs").writeFileSync(file, "x"); agent.log(file); } catch {}`,
      bare,
    );
    expect(logs).toEqual([{ stream: "log", text: "/dev/null" }]);
  });

  test("a worker that goes by itself has failed, and so has one that throws later", async () => {
    expect((await tryOut("process.exit(0);")).end).toMatchObject({ status: "failed", reason: "crashed" });
    expect((await tryOut("process.abort();")).end).toMatchObject({ status: "failed", reason: "crashed" });
    const later = `setTimeout(() => { throw new Error("late"); }, 1); await new Promise(() => {});`;
    expect((await tryOut(later)).end).toMatchObject({ status: "failed", reason: "error" });
  });

  test("what an agent says is bounded", async () => {
    const { end, logs } = await tryOut(`for (let n = 0; n < 3000; n += 1) console.log("x".repeat(5000));`);
    expect(end.status).toBe("done");
    expect(logs.length).toBeLessThan(400);
    expect(logs.at(-1)?.text).toContain("the rest is not kept");
    expect(logs.every(({ text }) => text.length <= 4_200)).toBe(true);
  });

  test("ended by the owner it says so, and nothing of it is left", async () => {
    let worker: RunningWorker | undefined;
    const { end } = await tryOut("for (;;) await agent.act('a.b', {});", {
      act: async () => {
        worker?.kill("Enough.");
        return { status: "done", id: "0", value: {} };
      },
      onStart: (started) => {
        worker = started;
      },
    });
    expect(end).toMatchObject({ status: "killed", reason: "stopped", message: "Enough." });
  });

  test("when its host is killed with -9, nothing of a worker goes on", async () => {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, "worker-child.ts")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pids = await firstLine(child);
    expect(pids.length).toBeGreaterThan(1);
    child.kill("SIGKILL");
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  test("what a file declares is read where it can do nothing, and strictly", async () => {
    const read = await describeAgent(executor, agentText(""), false);
    expect(read).toMatchObject({ name: "trial", missed: "latest", quietHours: "wait", retries: 2 });
    const spoilt = (from: string, to: string) => describeAgent(executor, agentText("").replace(from, to), false);
    await expect(spoilt('every: "1h"', 'every: "1 hour"')).rejects.toThrow("a duration is written");
    await expect(spoilt('every: "1h"', 'cron: "61 * * * *"')).rejects.toThrow(/minute/);
    await expect(spoilt('ensures: ["a.b"]', "ensures: []")).rejects.toThrow(/ensures/);
    await expect(spoilt('ensures: ["a.b"]', 'ensures: ["c.d"]')).rejects.toThrow("c.d is not in its `may`");
    await expect(spoilt('name: "trial"', 'name: "../trial"')).rejects.toThrow("lower case");
    await expect(spoilt('may: ["a.b"]', 'may: ["a.b"], limit: 3')).rejects.toThrow("limit");
    await expect(describeAgent(executor, "for (;;);", false)).rejects.toThrow("more than");
    await expect(describeAgent(executor, "export const agent = 3;", false)).rejects.toThrow("exports no `agent`");
    await expect(describeAgent(executor, "this is not TypeScript", false)).rejects.toThrow("cannot be loaded");
  });
});

const connecting = (to: string): string => `
  await new Promise((resolve, reject) => {
    const socket = builtin("net").connect(${to});
    socket.on("connect", resolve); socket.on("error", reject);
  });`;

function firstLine(child: ChildProcess): Promise<number[]> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(JSON.parse(String(chunk)) as number[]));
    child.once("exit", (code) => reject(new Error(`It ended with ${code}.`)));
  });
}
