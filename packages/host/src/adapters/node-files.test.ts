import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "./node-files.ts";

test("S17 a pipe or a device in a file's place is refused at once, and a link to a file is read", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-files-"));
  try {
    const files = nodeFiles(root);
    expect(spawnSync("mkfifo", [path.join(root, "config.yaml")]).status).toBe(0);
    fs.symlinkSync("/dev/zero", path.join(root, "device"));
    fs.writeFileSync(path.join(root, "file"), "x");
    fs.mkdirSync(path.join(root, "folder"));
    fs.symlinkSync("file", path.join(root, "link"));
    for (const name of ["config.yaml", "device"]) expect(() => files.read(name)).toThrow(/is a pipe or a device/);
    expect(files.read("link")).toEqual(Buffer.from("x"));
    expect(files.read("absent")).toBeUndefined();
    expect(() => files.read("folder")).toThrow();
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});
