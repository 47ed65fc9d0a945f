import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Job, Limits, RunEnd } from "@mh/core/ports/executor.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { findSandbox, sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { makeHost } from "@mh/testing";
import { afterEach, describe, expect, test } from "vitest";
import { isAlive } from "../support/is-alive.ts";

const childFile = path.join(import.meta.dirname, "limiter-child.ts");
const executor = sandboxExecutor();
const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);
if (sandbox.kind === "none") process.emitWarning(`Skipped: there is no sandbox here: ${sandbox.reason}.`);

const limits: Limits = {
  ...{ timeMs: 600_000, cpuMs: 60_000, memoryBytes: 2 ** 27, processesMax: 64 },
  output: { bytesMax: 2 ** 16, beyond: "drop" },
};

/** A file of Python, so that what it asks of the kernel is exact. */
const python = (text: string, more: Partial<Job> = {}): Job => ({
  ...{ program: "/usr/bin/python3", args: ["-c", text], limits, unsandboxed: "Nothing runs." },
  view: { base: "system", places: [], folder: "/tmp" },
  ...more,
});

async function outcome(job: Job): Promise<RunEnd & { said: string }> {
  const run = executor.run(job);
  let said = "";
  const listen = (chunk: Uint8Array) => {
    said += Buffer.from(chunk).toString("utf8");
  };
  run.output.listen(listen);
  run.errors.listen(listen);
  return { ...(await run.end), said };
}

const hasPython = fs.existsSync("/usr/bin/python3");
const until = "import time\nprint('within', flush=True)\ntime.sleep(1000)";

/** For each way to take memory that the sum of resident pages does not show. */
const hiddenMemory: Readonly<Record<string, string>> = {
  "sockets to itself": `
import socket, os
kept = []
for n in range(16):
  if n and os.fork() == 0: kept = []
  for _ in range(400):
    try: one, other = socket.socketpair()
    except OSError: break
    one.setblocking(False)
    kept.append((one, other))
    try:
      while True: one.send(b"x" * 4096)
    except BlockingIOError: pass`,
  "empty files in scratch": `
for n in range(400000):
  open("/tmp/%d" % n, "w").close()`,
  "files in scratch": `
with open("/tmp/x", "wb") as file:
  for n in range(250): file.write(b"x" * 2**20)`,
  "shared memory that it looks away from": `
import mmap
taken = []
for n in range(8):
  area = mmap.mmap(-1, 2**27)
  for at in range(0, 2**27, 4096): area[at] = 1
  area.madvise(mmap.MADV_DONTNEED)
  taken.append(area)`,
  "page tables": `
import mmap
area = mmap.mmap(-1, 2**40, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
for at in range(0, 2**37, 2**21): area[at]`,
  "areas that it protects each otherwise": `
import ctypes, mmap, os
libc = ctypes.CDLL(None)
size = 60000 * 4096
libc.mmap.restype = ctypes.c_void_p
area = libc.mmap(None, ctypes.c_size_t(size), 0, 0x4022, -1, ctypes.c_long(0))
for at in range(0, size, 8192): libc.mprotect(ctypes.c_void_p(area + at), ctypes.c_size_t(4096), 1)
for n in range(20):
  if os.fork() == 0: break`,
  "locks on files": `
import fcntl
kept = [open("/tmp/%d" % n, "w") for n in range(40)]
for file in kept:
  for n in range(1000, 0, -1): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * n)`,
  "watches, of which all programs of a person have a number together": `
import os, select
ends = [end for _ in range(100) for end in os.pipe()]
kept = [select.epoll() for _ in range(200)]
for one in kept:
  for end in ends: one.register(end)`,
  "files that are on their way": `
import array, os, socket
kept = []
for n in range(100):
  one, other = socket.socketpair()
  file = os.open("/dev/null", os.O_RDONLY)
  one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file, file, file]))])
  os.close(file)
  kept.append((one, other))
for n in range(10000000): n * n`,
  "processes in plenty": `
import os, time
for n in range(60):
  if os.fork() == 0:
    kept = bytearray(2**22)
    time.sleep(1000)`,
};

describe.skipIf(sandbox.kind === "none" || !hasPython)("S16 a job", () => {
  for (const [name, text] of Object.entries(hiddenMemory))
    test(`is ended when it takes too much memory by ${name}`, async () => {
      expect(await outcome(python(`${text}\n${until}`))).toMatchObject({ status: "killed", reason: "memory" });
    });

  test("is ended when it starts too many threads", async () => {
    const text = `
import threading
for n in range(2000): threading.Thread(target=threading.Event().wait, daemon=True).start()`;
    const few = { ...limits, memoryBytes: 2 ** 31, processesMax: 2 };
    const end = await outcome(python(`${text}\n${until}`, { limits: few }));
    // The system says no to it, or it is seen.
    if (end.status === "exited") expect(end.said).toContain("can't start new thread");
    else expect(end.reason).toBe("processes");
  });

  test("is ended when processes that nobody waits for take too much of the processor", async () => {
    const text = `
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
over, say = os.pipe()
while True:
  if os.fork() == 0:
    while time.process_time() < 0.005: pass
    os.write(say, b"x")
    os._exit(0)
  os.read(over, 1)`;
    expect(await outcome(python(text, { limits: { ...limits, cpuMs: 1_000 } }))).toMatchObject({
      ...{ status: "killed", reason: "cpu" },
    });
  });

  test("opens few descriptors, leaves no core, and locks no memory", async () => {
    const text = `
import resource
for name in ("NOFILE", "CORE", "MEMLOCK", "DATA", "FSIZE"): print(name, *resource.getrlimit(getattr(resource, "RLIMIT_" + name)))`;
    const { said } = await outcome(
      python(text, { limits: { ...limits, disk: { bytesMax: 2 ** 30, filesMax: 1_000 } } }),
    );
    const data = 2 ** 27 + 2 ** 30;
    expect(said.trim().split("\n")).toEqual([
      ...["NOFILE 1024 1024", "CORE 0 0", "MEMLOCK 65536 65536", `DATA ${data} ${data}`],
      `FSIZE ${2 ** 30} ${2 ** 30}`,
    ]);
  });

  const disk = { bytesMax: 2 ** 25, filesMax: 2_000 };
  const fills: Readonly<Record<string, string>> = {
    "one file": `
try:
  with open("x", "wb") as file:
    for n in range(200): file.write(b"x" * 2**20)
except OSError as error: print(error)`,
    "many files": `
for n in range(200):
  with open("x%d" % n, "wb") as file:
    file.write(b"x" * 2**20)`,
    "space that it only asks for": `
import os, ctypes
libc = ctypes.CDLL(None, use_errno=True)
for n in range(20):
  file = os.open("x%d" % n, os.O_CREAT | os.O_RDWR)
  libc.fallocate(file, 1, ctypes.c_long(0), ctypes.c_long(2**24))`,
    "files without names": `
import os
kept = []
for n in range(20):
  kept.append(os.open("x", os.O_CREAT | os.O_RDWR))
  os.unlink("x")
  for m in range(16): os.write(kept[-1], b"x" * 2**20)`,
    "files without names that are mapped and not open": `
import ctypes, os
for n in range(20):
  file = os.open("x", os.O_CREAT | os.O_RDWR)
  os.unlink("x")
  for m in range(16): os.write(file, b"x" * 2**20)
  ctypes.CDLL(None).mmap(None, ctypes.c_size_t(4096), 1, 1, file, ctypes.c_long(0))
  os.close(file)`,
    "files without names that are on their way": `
import array, os, socket
one, other = socket.socketpair()
for n in range(20):
  file = os.open("x", os.O_CREAT | os.O_RDWR)
  os.unlink("x")
  for m in range(16): os.write(file, b"x" * 2**20)
  one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))])
  os.close(file)`,
    "files without names, its own facts closed": `
import ctypes, os
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
kept = []
for n in range(20):
  kept.append(os.open("x", os.O_CREAT | os.O_RDWR))
  os.unlink("x")
  for m in range(16): os.write(kept[-1], b"x" * 2**20)`,
    "empty files": `
for n in range(200000): open("e%d" % n, "w").close()`,
  };
  for (const [name, text] of Object.entries(fills))
    test(`is ended when it fills the folder that it may write to by ${name}`, async () => {
      const folder = fs.mkdtempSync(path.join(process.cwd(), "tests", ".limiter-"));
      try {
        const view: Job["view"] = { base: "system", places: [{ from: folder, isWritable: true }], folder };
        const rest = name === "one file" ? "" : until;
        const end = await outcome(
          python(`${text}\n${rest}`, { view, limits: { ...limits, memoryBytes: 2 ** 30, disk } }),
        );
        if (name === "one file") expect(end.said).toContain("File too large");
        else expect(end).toMatchObject({ status: "killed", reason: "disk" });
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    });
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Starts the child, and gives the numbers of what it started. */
async function begun(...args: string[]): Promise<{ pids: number[][] }> {
  const child = spawn(process.execPath, ["--conditions=mh-source", childFile, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  await expect.poll(() => said).toContain("\n");
  return { pids: JSON.parse(said.split("\n")[0] ?? "[]") as number[][] };
}

describe.skipIf(sandbox.kind === "none")("S5 while the thread that began it is stuck", () => {
  test("a job is ended by STOP and goes over no limit of its time", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-stuck-"));
    fs.mkdirSync(path.join(folder, "run"));
    fs.mkdirSync(path.join(folder, "logs", "run"), { recursive: true });
    const { pids } = await begun("stuck", folder);
    const [late = [], stopped = []] = pids;
    expect([late.length, stopped.length]).toEqual([4, 5]);
    await expect.poll(() => late.filter(isAlive)).toEqual([]);
    expect(stopped.filter(isAlive)).toEqual(stopped);
    fs.writeFileSync(path.join(folder, "run", "STOP"), "");
    await expect.poll(() => stopped.filter(isAlive), { interval: 20 }).toEqual([]);
    const log = () => fs.readFileSync(path.join(folder, "logs", "run", "daemon.ndjson"), "utf8");
    await expect.poll(log).toContain('"msg":"The main thread does not react');
    fs.rmSync(folder, { recursive: true });
  });
});

describe.skipIf(sandbox.kind === "none")("S16 what is limited", () => {
  test("is listed with what holds it, and doctor says so", async () => {
    const isRoot = process.getuid?.() === 0;
    const by = Object.fromEntries(sandbox.caps.map(({ what, by }) => [what, by.filter((each) => each !== "cgroup")]));
    expect(by).toEqual({
      ...{ time: ["watched"], processor: ["watched"], memory: ["rlimit", "watched"], "kernel memory": ["watched"] },
      ...{ scratch: ["mount", "watched"], "disk, files": ["rlimit", "watched"] },
      "processes and threads": isRoot ? ["watched"] : ["rlimit", "watched"],
      "descriptors, core files, locked memory": ["rlimit"],
    });
    await using home = await makeHost();
    const found: string[] = [];
    for await (const { what, message } of checkHome(home.root, home.environment))
      if (what === "sandbox") found.push(message);
    expect(found[1]).toMatch(/^limited, each tried: time \(watched\); .*disk, files \(rlimit, watched\)/);
  });

  test("S1 is tried by the system's own bubblewrap, wherever mh is started, and where a link names the temporary folder", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-started-"));
    try {
      fs.writeFileSync(path.join(folder, "bwrap"), `#!/bin/sh\ntouch ${folder}/ran\nexit 1\n`, { mode: 0o755 });
      fs.symlinkSync(fs.mkdtempSync(path.join(folder, "real-")), path.join(folder, "link"));
      const tried = spawnSync(process.execPath, ["--conditions=mh-source", childFile, "caps"], {
        ...{ encoding: "utf8", cwd: folder },
        env: { PATH: `:.:${process.env.PATH}`, TMPDIR: path.join(folder, "link") },
      });
      expect([tried.stderr, JSON.parse(tried.stdout)]).toMatchObject(["", { kind: "bubblewrap" }]);
      expect(fs.existsSync(path.join(folder, "ran"))).toBe(false);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  // Of root the system counts nothing by itself, and a user's processes it counts only inside: both are tried.
  test.skipIf(process.getuid?.() !== 0)("holds for an ordinary user as for root", async () => {
    const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath];
    const can = spawnSync("setpriv", [...nobody, "-e", `fs.accessSync(${JSON.stringify(childFile)})`]).status === 0;
    if (!can) return process.emitWarning("Skipped: nobody cannot read the sources.");
    const tried = spawnSync("setpriv", [...nobody, "--conditions=mh-source", childFile, "caps"], {
      ...{ encoding: "utf8", env: { PATH: process.env.PATH, TMPDIR: "/tmp" } },
    });
    expect([tried.stderr, JSON.parse(tried.stdout)]).toMatchObject(["", { kind: "bubblewrap" }]);
    expect(tried.stdout).toContain('{"what":"processes and threads","by":["rlimit","watched"]}');
  });
});
