import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { expectSound } from "../support/expect-sound.ts";
import { filesBelow } from "../support/files-below.ts";
import { type Mh, mhWithHome } from "./mh.ts";

/** A home with some notes, of whose log a line in the middle is gone. */
async function brokenHome(): Promise<Mh> {
  const mh = mhWithHome();
  for (const text of ["one", "two", "three"]) expect(await mh.here(["capture", text])).toMatchObject({ code: 0 });
  const log = filesBelow(path.join(mh.root, "logs/audit")).at(-1) as string;
  const lines = fs.readFileSync(log, "utf8").split("\n");
  fs.writeFileSync(log, lines.toSpliced(lines.findIndex((line) => line.includes("memory.capture")) + 1, 1).join("\n"));
  fs.rmSync(path.join(mh.root, "memory/index"), { recursive: true });
  return mh;
}

const allOf = (root: string) => filesBelow(root).map((file) => [file, fs.readFileSync(file, "latin1")]);

test("R-4 mh doctor --repair shows a damaged log and asks; where nobody can answer it changes nothing and says how", async () => {
  using mh = await brokenHome();
  const refused = await mh.here(["capture", "four"]);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("mh doctor --repair")]);
  expect((await mh.here(["doctor"])).out.replaceAll(/\s+/g, " ")).toContain("mh doctor --repair");
  const before = allOf(path.join(mh.root, "logs"));
  const asked = await mh.here(["doctor", "--repair"]);
  expect([asked.code, asked.err]).toEqual([4, expect.stringContaining("mh doctor --repair --yes")]);
  for (const said of [
    /does not add up at record \d+/,
    /Branch 1: \d+ records? from number/,
    /Lost: record \d+/,
    /logs\/kept/,
  ])
    expect(asked.out.replaceAll(/\s+/g, " ")).toMatch(said);
  expect(allOf(path.join(mh.root, "logs"))).toEqual(before);
  const done = await mh.here(["doctor", "--repair", "--yes"]);
  expect([done.code, done.out, done.err]).toEqual([
    0,
    expect.stringContaining("Repaired: the log goes on"),
    expect.stringContaining("mh resume"),
  ]);
  const seen = await mh.here(["audit", "verify"]);
  expect([seen.code, seen.out]).toEqual([14, expect.stringMatching(/was repaired[\s\S]*Repaired at record \d+, 20/)]);
  expect((await mh.here(["audit", "tail"])).out).toContain("repaired");
  expect(await mh.here(["capture", "four"])).toMatchObject({ code: 0 });
  expect((await mh.here(["doctor", "--json"])).out).toContain("repaired at record");
  await expectSound(mh.root, { there: ["one", "two", "three", "four"] });
});

const killsAfterMs = process.env.CI ? [0, 20, 40, 60, 80, 120, 160, 240] : [0, 60, 120];

test("R-4 a repair that is killed at whatever time is done, or can be run again", async () => {
  const ends: number[] = [];
  for (const laterMs of killsAfterMs) {
    using mh = await brokenHome();
    ends.push((await mh.startKilled(["doctor", "--repair", "--yes"], { lines: 1, laterMs })).code);
    const again = await mh.here(["doctor", "--repair", "--yes"]);
    expect(again.out).toMatch(/Repaired|repaired at record/);
    expect(await mh.here(["audit", "verify"])).toMatchObject({ code: 14 });
    expect(await mh.here(["capture", "four"])).toMatchObject({ code: 0 });
    await expectSound(mh.root, { there: ["one", "two", "three", "four"] });
  }
  // -1: it was killed.
  expect(ends).toContain(-1);
});
