import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { nodeFiles } from "@mh/host/adapters/node-files.ts";
import { expect, inject, test } from "vitest";
import { diceFrom, seedOf } from "../fuzz/dice.ts";
import { FaultyDisk } from "../support/simulation/disk.ts";

const cuts = 20;

test("R-9 what a killed process wrote outlasts a power cut with its name and its folders, once it is asked for", () => {
  for (let n = 0; n < cuts; n++) {
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-outlast-")));
    try {
      fs.writeFileSync(path.join(root, "gone"), "x");
      using disk = new FaultyDisk(root, diceFrom(seedOf(inject("seed"), n)), []);
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
      const written = fs.readFileSync(path.join(root, "new/folder/file"), "utf8");
      expect([n, written, fs.existsSync(path.join(root, "gone"))]).toEqual([n, "written", false]);
    } finally {
      fs.rmSync(root, { recursive: true });
    }
  }
});
