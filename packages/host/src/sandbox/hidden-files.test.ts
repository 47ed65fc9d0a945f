// What a process keeps by files that a look at its open descriptors alone does not show.
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { HeldByFiles } from "./held-by-files.ts";
import { namelessFiles } from "./nameless-files.ts";
import { beginningOf, childrenOf, usageOf } from "./usage.ts";

const python = "/usr/bin/python3";

/** What a process does, in the thread that it begins with or in another one, which goes on where the first has ended. */
const threads = {
  first: (text: string) => text,
  other: (text: string) => `import ctypes, threading
def other():
  while ") Z " not in open("/proc/self/stat").read(): pass
${text.replace(/^/gm, "  ")}
threading.Thread(target=other).start()
ctypes.CDLL(None).pthread_exit(None)`,
};
const eachThread = Object.keys(threads) as (keyof typeof threads)[];

/** Runs a text of Python until it said that it is ready, and gives its number to `look`. */
async function beside<T>(
  text: string,
  look: (pid: number) => T | Promise<T>,
  thread: keyof typeof threads = "first",
): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-hidden-"));
  const whole = `${text}\nprint("ready", flush=True)\nsys.stdin.read()`;
  const child = spawn(python, ["-c", `import os, sys\n${threads[thread](whole)}`], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    await once(child.stdout as Readable, "data");
    return await look(child.pid as number);
  } finally {
    child.kill("SIGKILL");
    await once(child, "close");
    fs.rmSync(folder, { recursive: true });
  }
}

const kept: Readonly<Record<string, [string, number]>> = {
  "locks on a file": [
    `import fcntl\nfile = open("x", "w")\nfor n in range(300): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * n)`,
    300 * 4_096,
  ],
  "watches of epoll": [
    "import select\none = select.epoll()\nends = [end for n in range(150) for end in os.pipe()]\nfor end in ends: one.register(end)",
    300 * 4_096,
  ],
  "files on their way": [
    `import array, socket\none, other = socket.socketpair()\none.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 0, 0]))])`,
    3 * 2 ** 20,
  ],
};

const nameless = `file = os.open("x", os.O_CREAT | os.O_RDWR)\nos.unlink("x")\nos.write(file, b"x" * 4096)`;
const hiding: Readonly<Record<string, string>> = {
  "mapped and not open": `${nameless}\nimport ctypes\nctypes.CDLL(None).mmap(None, ctypes.c_size_t(4096), 1, 1, file, ctypes.c_long(0))\nos.close(file)`,
  "on its way": `${nameless}\nimport array, socket\none, other = socket.socketpair()\none.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))])\nos.close(file)`,
};

/** Root may look into anything. */
async function asOrdinary<T>(look: () => Promise<T>): Promise<T> {
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  try {
    return await look();
  } finally {
    if (user === 0) process.seteuid?.(0);
  }
}

describe.skipIf(!fs.existsSync("/proc/self/fdinfo") || !fs.existsSync(python))("a process", () => {
  const charges = Object.entries(kept).flatMap(([what, how]) => eachThread.map((thread) => ({ what, how, thread })));
  test.each(charges)("S16 is charged for $what by its $thread thread", async ({ how: [text, bytes], thread }) => {
    const look = (pid: number) =>
      [Number.POSITIVE_INFINITY, 0].map((bytesMax) => {
        const held = new HeldByFiles(bytesMax);
        do held.look([pid]);
        while (held.isLooking && held.bytes <= bytesMax);
        return held.bytes;
      });
    const [found, none] = await beside(text, look, thread);
    // Some lines of fdinfo say what the file is.
    expect(found).toBeGreaterThan(bytes * 0.95);
    expect(found).toBeLessThan(bytes * 1.05);
    expect(none).toBeGreaterThan(0);
  });

  const hidden = Object.entries(hiding).flatMap(([how, text]) => eachThread.map((thread) => ({ how, text, thread })));
  test.each(hidden)("S16 is seen to keep a file without a name that is $how by its $thread thread", async (each) => {
    const found = await beside(each.text, (pid) => namelessFiles([pid]), each.thread);
    expect(found).toEqual({ files: [], hasHidden: true });
  });

  test.each(eachThread)(
    "S16 whose %s thread keeps a file without a name open, or none, hides nothing",
    async (thread) => {
      const open = await beside(nameless, (pid) => namelessFiles([pid]), thread);
      expect([open.hasHidden, open.files.map(({ size }) => size)]).toEqual([false, [4_096]]);
      const text = "import mmap\narea = mmap.mmap(-1, 4096)";
      expect(await beside(text, (pid) => namelessFiles([pid]), thread)).toEqual({ files: [], hasHidden: false });
    },
  );

  test("S16 is charged for its memory by whichever thread", async () => {
    const bytes = 64 * 2 ** 20;
    const held = eachThread.map((thread) => beside(`memory = bytearray(b"x") * ${bytes}`, usageOf, thread));
    for (const usage of await Promise.all(held)) {
      expect(usage?.rssBytes).toBeGreaterThan(bytes);
      expect(usage?.addressBytes).toBeGreaterThan(bytes);
    }
  });

  const busy = 'print("ready", flush=True)\nwhile True: pass';
  test.each([
    ["waits", `import threading\nthreading.Thread(target=lambda: exec(${JSON.stringify(busy)})).start()`, "first"],
    ["has ended", busy, "other"],
  ] as const)("S16 whose first thread %s is running where another one is", async (_how, text, thread) => {
    const isRunning = (pid: number) => expect.poll(() => usageOf(pid)?.times[0]?.isRunning()).toBe(true);
    await beside(text, isRunning, thread);
  });

  test("S16 that another thread goes on in has not ended", async () => {
    expect(await beside("pass", beginningOf, "other")).toMatch(/^\d+$/);
  });

  test("S16 that has ended and is not waited for hides nothing, to an ordinary user either", async () => {
    const text = "gone = os.fork()\nif gone == 0: os._exit(0)\nos.waitid(os.P_PID, gone, os.WEXITED | os.WNOWAIT)";
    const found = await beside(text, async (pid) => {
      const gone = childrenOf(pid);
      expect(gone).toHaveLength(1);
      return await asOrdinary(() => namelessFiles(gone));
    });
    expect(found).toEqual({ files: [], hasHidden: false });
  });
});
