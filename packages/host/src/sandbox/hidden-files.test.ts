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

const python = "/usr/bin/python3";

/** Runs a text of Python until it said that it is ready, and gives its number to `look`. */
async function beside<T>(text: string, look: (pid: number) => T | Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-hidden-"));
  const whole = `import os, sys\n${text}\nprint("ready", flush=True)\nsys.stdin.read()`;
  const child = spawn(python, ["-c", whole], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
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

describe.skipIf(!fs.existsSync("/proc/self/fdinfo") || !fs.existsSync(python))("a process", () => {
  for (const [what, [text, bytes]] of Object.entries(kept))
    test(`S16 is charged for ${what}`, async () => {
      const [found, none] = await beside(text, (pid) =>
        [Number.POSITIVE_INFINITY, 0].map((bytesMax) => {
          const held = new HeldByFiles(bytesMax);
          do held.look([pid]);
          while (held.isLooking && held.bytes <= bytesMax);
          return held.bytes;
        }),
      );
      // Some lines of fdinfo say what the file is.
      expect(found).toBeGreaterThan(bytes * 0.95);
      expect(found).toBeLessThan(bytes * 1.05);
      expect(none).toBeGreaterThan(0);
    });

  for (const [how, text] of Object.entries(hiding))
    test(`S16 is seen to keep a file without a name that is ${how}`, async () => {
      expect(await beside(text, (pid) => namelessFiles([pid]))).toEqual({ files: [], hasHidden: true });
    });

  test("S16 that keeps a file without a name open hides nothing, nor does one that keeps none", async () => {
    const open = await beside(nameless, (pid) => namelessFiles([pid]));
    expect([open.hasHidden, open.files.map(({ size }) => size)]).toEqual([false, [4_096]]);
    const text = "import mmap\narea = mmap.mmap(-1, 4096)";
    expect(await beside(text, (pid) => namelessFiles([pid]))).toEqual({ files: [], hasHidden: false });
  });
});
