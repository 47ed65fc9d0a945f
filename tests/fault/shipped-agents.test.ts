import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";

const checkout = path.resolve(import.meta.dirname, "../..");

interface Clone extends Disposable {
  /** Writes an agent's file. */
  add(name: string, text: string): void;
  read(name: string): string;
  mh(...args: string[]): { said: string; status: number | null };
}

/** A clone of mh as its owner has it: built, with the agents that came with it, and no program to be found. */
function makeClone(): Clone {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-clone-"));
  const at = (...names: string[]) => path.join(folder, ...names);
  fs.mkdirSync(at("bin"));
  for (const name of ["dist", "brain"]) fs.cpSync(path.join(checkout, name), at(name), { recursive: true });
  fs.copyFileSync(path.join(checkout, "bin/mh"), at("bin/mh"));
  fs.symlinkSync(path.join(checkout, "node_modules"), at("node_modules"));
  const file = (name: string) => at("brain/agents", `${name}.ts`);
  const run = (...args: string[]) => {
    const env = { PATH: at("bin"), HOME: at("owner"), NO_COLOR: "1" };
    const { stdout, stderr, status } = spawnSync(process.execPath, [at("dist/mh.js"), ...args], {
      ...{ env, cwd: folder, encoding: "utf8", input: "" },
    });
    return { said: stdout + stderr, status };
  };
  return {
    add: (name, text) => fs.writeFileSync(file(name), text),
    read: (name) => fs.readFileSync(file(name), "utf8"),
    mh: run,
    [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
test("K15 without a sandbox only what came with mh runs, known by its text: not an agent of one's own in the same folder, nor one changed by a byte", () => {
  using clone = makeClone();
  expect(clone.mh("init", "--yes").status).toBe(0);
  clone.add("mine", clone.read("organizer").replaceAll("organizer", "mine"));
  clone.add("morning-brief", `${clone.read("morning-brief")}\n`);
  const shown = (name: string) => clone.mh("agent", "show", name).said.replace(/\s+/g, " ");
  expect(shown("organizer")).toContain("came with mh");
  expect(shown("organizer")).not.toContain("There is no sandbox");
  for (const name of ["mine", "morning-brief"]) {
    expect([name, shown(name)]).toEqual([name, expect.stringMatching(/no sandbox.*Only agents that came with mh run/)]);
    expect([name, shown(name)]).toEqual([name, expect.not.stringMatching(/, came with mh/)]);
    const { said, status } = clone.mh("agent", "allow", name, "--yes");
    expect([name, status]).toEqual([name, 1]);
    expect(said).toContain("Only agents that came with mh run");
  }
  clone.mh("agent", "allow", "organizer", "--yes");
  expect(clone.mh("agent", "run", "organizer")).toMatchObject({ status: 0 });
});
