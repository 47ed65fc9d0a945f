import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { inheritedDescriptors, strayDescriptor } from "./inherited.ts";

const inherited = test.skipIf(process.platform !== "linux");

/** A list for `spawn` in which each of these numbers is what is given. */
function open(numbers: Record<number, number>): ("pipe" | "ignore" | number)[] {
  const last = Math.max(...Object.keys(numbers).map(Number));
  return Array.from({ length: last + 1 }, (_, n) => numbers[n] ?? (n < 2 ? "pipe" : "ignore"));
}

inherited("S4 what a process has open and was not handed is named, wherever its number lies", async () => {
  const [root, nothing] = [fs.openSync("/", "r"), fs.openSync("/dev/null", "r")];
  try {
    // What the shell of this test left open itself.
    const usual = inheritedDescriptors();
    const strays: Record<number, string | undefined> = {};
    for (const at of [3, 9, 17, 213, 1500]) {
      const child = spawn("cat", { stdio: open({ [at]: root, 30: nothing }) });
      // Once it answers, its libraries are loaded, and all that it has is what it was started with.
      child.stdin?.write("x");
      await once(child.stdout as Readable, "data");
      strays[at] = strayDescriptor(child.pid as number, [4, 5, ...usual]);
      expect(strayDescriptor(child.pid as number, [at, ...usual])).toBeUndefined();
      child.kill();
      await once(child, "exit");
    }
    const named = Object.keys(strays).map((n) => [n, `${n} (/)`]);
    expect(Object.entries(strays)).toEqual(named);
  } finally {
    for (const each of [root, nothing]) fs.closeSync(each);
  }
});

inherited("S4 what was left open is closed first of all, but what the command line names", () => {
  const file = path.join(import.meta.dirname, "inherited.ts");
  const script = `
    import * as fs from "node:fs";
    import { closeInherited } from ${JSON.stringify(file)};
    closeInherited(["--of=/dev/fd/201", "{\\"argv\\":[\\"/dev/fd/200\\"]}"], { NODE_CHANNEL_FD: "202" });
    const isOpen = (n) => { try { return fs.fstatSync(n) !== undefined; } catch { return false; } };
    console.log(JSON.stringify([5, 9, 77, 200, 201, 202, 1500].filter(isOpen)));
    await new Promise((resolve) => fs.readFile("/dev/null", resolve));`;
  const root = fs.openSync("/", "r");
  const stdio = open(Object.fromEntries([5, 9, 77, 200, 201, 202, 1500].map((n) => [n, root])));
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { stdio, encoding: "utf8" });
  fs.closeSync(root);
  expect(JSON.parse(stdout)).toEqual([201, 202]);
});
