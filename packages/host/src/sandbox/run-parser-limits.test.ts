import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import type { Executor } from "@mh/core/ports/executor.ts";
import { describe, expect, test } from "vitest";
import { linesOf, pagesPdf } from "../../../../tests/support/make-pdf.ts";
import {
  fileOf,
  good,
  goodText,
  parserOf,
  read,
  root,
  sandboxed,
  small,
  standIn,
} from "../../../../tests/support/parser-trials.ts";
import { processesWith } from "../../../../tests/support/processes-with.ts";
import { findSandbox, sandboxExecutor } from "./executor.ts";
import { type ParserLimits, parserLimits } from "./parser-job.ts";
import { ProcessRun } from "./process-run.ts";

/** A machine that has no sandbox. */
const unsandboxed: Executor = {
  ...sandboxed,
  run: (job) => new ProcessRun(job, { sandbox: async () => ({ kind: "none", reason: "none", tried: [], caps: [] }) }),
};
const { kind: sandboxKind } = await findSandbox();

const text = Buffer.from("a file");

describe.each([
  ["in the sandbox", sandboxed],
  ["without a sandbox", unsandboxed],
])("limits %s", (_where, executor) => {
  const limited = (page: string, more: Partial<ParserLimits>) =>
    read(parserOf({ executor, program: standIn(page), limits: { ...small, ...more } }), text);

  test("H26 a file is read", async () => {
    expect(await read(parserOf({ executor }), good)).toEqual(goodText);
  });

  test("H26 a parser that never comes to an end is ended by the processor's time", async () => {
    expect(await limited("() => { for (;;); }", { cpuMs: 1_000 })).toBe(
      "Reading it took more than 1 s of the processor.",
    );
  });

  test("H26 a parser that waits for what never comes is ended by the clock", async () => {
    expect(await limited("() => new Promise(() => {})", { timeMs: 1_000 })).toBe("Reading it took more than 1 s.");
  });

  test("H26 a parser that takes all memory is ended", async () => {
    const hoard = "() => { const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 1)); }";
    expect(await limited(hoard, {})).toBe("Reading it took more than 320 MB of memory.");
    const inHeap = "() => { const all = []; for (let n = 0; ; n++) all.push({ n, text: String(n) + n }); }";
    expect(await limited(inHeap, { cpuMs: 60_000 })).toBe("Reading it took more than 320 MB of memory.");
  });

  test("H26 a parser that answers without end is ended", async () => {
    expect(await limited("() => 'x'.repeat(900_000)", { answerBytesMax: 2 ** 19 })).toBe(
      "Reading it took more than 0 MB for its text.",
    );
  });
});

test.each([
  ["no JSON", "() => 'no JSON'"],
  ["JSON that is no answer", "(line) => line.replace('depth', 'height')"],
])("H26 a parser that sends %s is heeded in nothing", async (_what, change) => {
  const page = `async () => {
    const net = await import("node:net");
    const { write } = net.Socket.prototype;
    net.Socket.prototype.write = function (line) { return write.call(this, (${change})(line) + "\\n"); };
  }`;
  expect(await read(parserOf({ program: standIn(page) }), text)).toBe("Its parser crashed on it.");
});

const attempts = (port: number, secret: string) => `async () => {
  const tries = {
    file: async () => (await import("node:fs")).readFileSync(${JSON.stringify(secret)}),
    system: async () => (await import("node:fs")).readFileSync("/etc/passwd"),
    write: async () => (await import("node:fs")).writeFileSync("/tmp/x", "x"),
    folder: async () => (await import("node:fs")).readdirSync("/"),
    socket: async () => new Promise(async (resolve, reject) =>
      (await import("node:net")).connect(${port}, "127.0.0.1").on("connect", resolve).on("error", reject)),
    fetch: async () => fetch("http://127.0.0.1:${port}"),
    process: async () => (await import("node:child_process")).execFileSync("/bin/sh", ["-c", "true"]),
    thread: async () => new (await import("node:worker_threads")).Worker("1", { eval: true }),
    code: async () => new Function("return 1")(),
    addon: async () => process.dlopen({ exports: {} }, "/lib/x.node"),
  };
  const done = [];
  for (const [name, attempt] of Object.entries(tries)) await attempt().then(() => done.push(name), () => {});
  return ["succeeded:", ...done, ...Object.keys(process.env).filter((name) => name !== 'PWD')].join(" ").trim();
}`;

test.skipIf(sandboxKind === "none")(
  "K15 a parser that was taken over reaches no file, no network and no process",
  async () => {
    const secret = path.join(root, "secret");
    fs.writeFileSync(secret, "x");
    let connections = 0;
    const server = net.createServer(() => connections++).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as net.AddressInfo;
    const [said] = await read(parserOf({ program: standIn(attempts(port, secret)) }), text);
    server.close();
    expect([said, connections]).toEqual(["succeeded:", 0]);
  },
);

const parsers = () => processesWith("parser-entry");
const killAll = () => {
  const isKilled = (pid: number): boolean => {
    try {
      return process.kill(pid, "SIGKILL");
    } catch (error) {
      // One of them ended with another that was killed before it.
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw error;
    }
  };
  return parsers().filter(isKilled).length;
};
const large = pagesPdf([linesOf(["large"]), Buffer.alloc(3_000_000, " ")]);

test.skipIf(sandboxKind === "seatbelt")(
  "H26 one process reads many files; killed in the middle of one, that is read by another",
  async () => {
    let begun = 0;
    const counted: Executor = {
      ...sandboxed,
      run: (job) => [sandboxed.run(job), begun++][0] as ReturnType<Executor["run"]>,
    };
    const parser = parserOf({ executor: counted, limits: parserLimits });
    for (let n = 0; n < 5; n++) expect(await read(parser, good)).toEqual(goodText);
    expect([begun, parsers().length > 0]).toEqual([1, true]);
    let killed = 0;
    const once = fileOf(large, "pdf", (from, to) => {
      if (from > 0 && killed === 0) killed = killAll();
      return large.subarray(from, to);
    });
    expect(await parser.parse(once)).toMatchObject({ document: { blocks: [{ text: "large" }] } });
    expect([begun, killed > 0]).toEqual([2, true]);
    const always = fileOf(large, "pdf", (from, to) => {
      if (from > 0) killAll();
      return large.subarray(from, to);
    });
    expect(await parser.parse(always)).toEqual({ refused: "Its parser crashed on it." });
    expect(await read(parser, good)).toEqual(goodText);
    parser[Symbol.dispose]();
    await expect.poll(parsers).toEqual([]);
  },
);

test("H26 files that each use a good part of what one may are all read: none pays for those before it", async () => {
  const busy = `() => {
    const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
    for (const end = used() + 700_000; used() < end; ) for (let n = 0; n < 1e7; n++);
    return "read";
  }`;
  const parser = parserOf({ program: standIn(busy), limits: { ...small, cpuMs: 2_400 } });
  for (let n = 0; n < 5; n++) expect(await read(parser, text)).toEqual(["read"]);
});

test("H26 a file that becomes shorter while it is read is refused, and the next one is read", async () => {
  const parser = parserOf();
  const shrunk = fileOf(large, "pdf", (from, to) => large.subarray(from, Math.min(to, 2_000_000)));
  await expect(parser.parse(shrunk)).rejects.toThrow("It became shorter while it was read.");
  expect(await read(parser, good)).toEqual(goodText);
});

test("H26 STOP and a cancellation end it in the middle of a file; what the owner imports goes on", async () => {
  const stopFile = path.join(root, "STOP");
  const executor = sandboxExecutor({ stopFile });
  const program = standIn("() => new Promise(() => {})");
  const cancel = new AbortController();
  const cancelled = parserOf({ program, signal: cancel.signal }).parse(fileOf(text));
  cancel.abort(new Error("Ctrl-C"));
  await expect(cancelled).rejects.toThrow("Ctrl-C");
  const others = parserOf({ executor, program, isOwners: false }).parse(fileOf(text));
  fs.writeFileSync(stopFile, "");
  await expect(others).rejects.toThrow(/STOP/);
  await expect(parserOf({ executor, isOwners: false }).parse(fileOf(good))).rejects.toThrow(/STOP stands/);
  expect(await read(parserOf({ executor }), good)).toEqual(goodText);
});
