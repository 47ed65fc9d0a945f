import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { absoluteFolders, findProgram } from "./find-program.ts";

test("S1 a program is found in absolute folders alone, whatever folder mh was started in", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-path-"));
  const before = process.cwd();
  try {
    const file = path.join(folder, "bwrap");
    fs.writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 });
    fs.mkdirSync(path.join(folder, "more", "bwrap"), { recursive: true });
    process.chdir(folder);
    const relative = ["", ".", "..", "./", "more", `../${path.basename(folder)}`, "~", "$HOME"];
    expect(relative.map((each) => findProgram("bwrap", each))).toEqual(relative.map(() => undefined));
    expect(absoluteFolders(relative.join(":"))).toEqual([]);
    // A folder of that name is no program.
    expect(findProgram("bwrap", `:${folder}/more:${folder}`)).toBe(file);
  } finally {
    process.chdir(before);
    fs.rmSync(folder, { recursive: true });
  }
});
