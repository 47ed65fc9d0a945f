import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { type Ended, mhWithHome } from "./mh.ts";

const turns = process.env.CI ? 10 : 3;

test("R3 eight processes capturing at once: nothing lost, one chain", async () => {
  using mh = mhWithHome();
  // On a busy machine one may wait in vain for the others: that is no acknowledgement, and it tries again.
  const capture = async (text: string): Promise<Ended> => {
    const ended = await mh.start(["capture", text, "--json"]);
    return ended.out.includes('"home.busy"') ? capture(text) : ended;
  };
  const lane = async (n: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const { code, out, err } = await capture(`lane ${n} turn ${turn}`);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      ids.push((JSON.parse(out) as { id: string }).id);
    }
    return ids;
  };
  const ids = (await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(lane))).flat().sort();
  const lines = mh.run(["memory", "list", "--all", "--json"]).out.trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id).sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(8 * turns);
  expect(mh.run(["audit", "verify"]).code).toBe(0);
});

test("R1 an import that is killed goes on where it stopped, and what it printed is on disk", async () => {
  using mh = mhWithHome();
  const file = path.join(mh.config, "many.ndjson");
  const lines = Array.from({ length: 5000 }, (_, n) =>
    JSON.stringify({ id: String(n), content: `memory ${n} of the lake` }),
  );
  fs.writeFileSync(file, lines.join("\n"));
  const killed = await mh.startKilled(["import", file, "--json"], { lines: 1, laterMs: 50 });
  const printed = killed.out
    .split("\n")
    .slice(0, -1)
    // Its last line is another one, where it ended before the kill reached it.
    .flatMap((line) => (JSON.parse(line) as { progress?: { note: string } }).progress?.note ?? [])
    .map((note) => Number(/^([\d,]+) added/.exec(note)?.[1]?.replaceAll(",", "")));
  const again = mh.run(["import", file]);
  const known = Number(/(\d+) known already/.exec(again.out)?.[1]);
  const added = Number(/(\d+) added/.exec(again.out)?.[1]);
  expect(known).toBeGreaterThanOrEqual(printed.at(-1) ?? Number.NaN);
  expect(known + added).toBe(5000);
  expect(mh.run(["import", file]).out).toContain("0 added, 5000 known already");
});

test("K15 what only looks changes no byte of the home", () => {
  using mh = mhWithHome();
  mh.run(["capture", "Met with Sarah"]);
  const before = snapshot(mh.root);
  for (const args of [
    ["status"],
    ["doctor"],
    ["why", "0"],
    ["audit", "tail"],
    ["audit", "verify"],
    ["audit", "show", "0"],
    ["audit", "prove", "0"],
  ]) {
    expect([args, mh.run(args).code]).toEqual([args, 0]);
    expect([args, snapshot(mh.root)]).toEqual([args, before]);
  }
});

test("K2 mh stop takes hold from the command line and by the file alone, and the owner goes on reading", () => {
  using mh = mhWithHome();
  expect(mh.run(["grant", "give", "agent:helper", "memory.capture"]).code).toBe(0);
  const helper = ["act", "memory.capture", '{"text":"tidied"}', "--as", "agent:helper"];
  expect(mh.run(helper).code).toBe(0);
  expect(mh.run(["stop"]).code).toBe(0);
  expect(mh.run(helper).code).toBe(5);
  expect(mh.run(["memory", "list"]).code).toBe(0);
  expect(mh.run(["resume"]).code).toBe(0);
  expect(mh.run(helper).code).toBe(0);
  fs.writeFileSync(path.join(mh.root, "run", "STOP"), "");
  expect(mh.run(helper).code).toBe(5);
});

function snapshot(root: string): Record<string, string> {
  const names = fs.readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => fs.statSync(path.join(root, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(root, name), "base64")]));
}
