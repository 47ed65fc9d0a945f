import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { heldBySandbox } from "./held-memory.ts";

const shared = "/dev/shm";

test.skipIf(!fs.existsSync(shared))(
  "S16 a sandbox that has no places of its own yet does not hold what everybody holds in memory",
  () => {
    const folder = fs.mkdtempSync(path.join(shared, "mh-held-"));
    try {
      fs.writeFileSync(path.join(folder, "much"), Buffer.alloc(2 ** 20));
      expect(heldBySandbox(process.pid)).toBe(0);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  },
);
