import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { endTree } from "./end-tree.ts";
import { beginningOf, childrenOf } from "./usage.ts";

test.skipIf(process.platform !== "linux")(
  "S16 bubblewrap is not ended before there is a process inside: one that it has beside that is none",
  async () => {
    const child = spawn("/bin/sh", ["-c", "sleep 600 & echo; wait"], { stdio: ["ignore", "pipe", "ignore"] });
    let beside: number | undefined;
    try {
      await once(child.stdout, "data");
      const pid = child.pid as number;
      [beside] = childrenOf(pid);
      expect(endTree({ pid, began: beginningOf(pid), kind: "sandbox" })).toBe(false);
      expect([pid, beside].map((each) => beginningOf(each as number) !== undefined)).toEqual([true, true]);
    } finally {
      if (beside !== undefined) process.kill(beside);
      child.kill("SIGKILL");
    }
    await once(child, "close");
  },
);
