import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { nodeFiles } from "@mh/host/adapters/node-files.ts";
import { expect, test } from "vitest";
import { diceFrom } from "../fuzz/dice.ts";
import { FaultyDisk } from "../support/simulation/disk.ts";

const seeds = Array.from({ length: 20 }, (_, n) => Number(process.env.MH_TEST_SEED ?? 1) + n);

test.for(seeds)(
  "R-9 what a killed process wrote outlasts a power cut with its name and its folders, once it is asked for (seed %i)",
  (seed) => {
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-outlast-")));
    try {
      fs.writeFileSync(path.join(root, "gone"), "x");
      using disk = new FaultyDisk(root, diceFrom(seed), []);
      const files = nodeFiles(root);
      // None of it through `files`, which would know that it waits: somebody else did it, and is gone.
      fs.mkdirSync(path.join(root, "new/folder"), { recursive: true });
      const fd = fs.openSync(path.join(root, "new/folder/file"), "w", 0o600);
      fs.writeSync(fd, Buffer.from("written"));
      fs.closeSync(fd);
      fs.rmSync(path.join(root, "gone"));
      for (const name of ["new/folder/file", "gone"]) files.outlast(name);
      disk.stop("power");
      disk.restart();
      expect([
        fs.readFileSync(path.join(root, "new/folder/file"), "utf8"),
        fs.existsSync(path.join(root, "gone")),
      ]).toEqual(["written", false]);
    } finally {
      fs.rmSync(root, { recursive: true });
    }
  },
);
