import * as fs from "node:fs";
import * as path from "node:path";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { makeMh } from "../mh.ts";

const memoriesWanted = 100_000;
const words = "river boiler garage cost sheet deadline walk tea train notes pump valve garden letter bridge".split(" ");

test("R6 100,000 memories: the home opens and a capture is done in a second, search answers at once, memory stays bounded", () => {
  using mh = makeMh();
  const random = randomFrom(inject("seed"));
  const source = path.join(path.dirname(mh.root), "many.ndjson");
  const file = fs.openSync(source, "w");
  for (let n = 0; n < memoriesWanted; n += 1) {
    const some = Array.from({ length: 12 }, () => words[Math.floor(random() * words.length)]);
    const at = new Date(Date.UTC(2020, 0, 1) + n * 1_800_000).toISOString();
    fs.writeSync(
      file,
      `${JSON.stringify({ id: `m${n}`, at, session: `s${Math.floor(n / 50)}`, content: `Entry ${n}: ${some.join(" ")}` })}\n`,
    );
  }
  fs.closeSync(file);
  expect(mh.run(["import", source, "--json"]).code).toBe(0);
  // Of the processor: whoever else uses this machine costs the command nothing.
  const timed = (args: string[]) => {
    const ended = mh.run(args, { under: ["bash", "-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash"] });
    const [user, system] = (ended.err.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
    return { ...ended, ms: 1000 * ((user ?? Number.NaN) + (system ?? Number.NaN)) };
  };
  // What starting takes without any home at all: the machine's share of the second.
  const bare = Math.min(...[1, 2, 3].map(() => timed(["--version"]).ms));
  expect(bare).toBeGreaterThan(1);
  const capture = [1, 2, 3].map((n) => timed(["capture", `The boiler was repaired, visit ${n}`]));
  expect(capture.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(Math.min(...capture.map(({ ms }) => ms)) - bare).toBeLessThan(1000);
  const search = [1, 2, 3].map(() => timed(["search", "boiler repaired", "-k", "5", "--json"]));
  expect(search[0]?.out).toContain("The boiler was repaired");
  expect(Math.min(...search.map(({ ms }) => ms)) - bare).toBeLessThan(1500);
  const counted = JSON.parse(mh.run(["memory", "stats", "--json"]).out) as { kinds: { episodic: number } };
  expect(counted.kinds.episodic).toBe(memoriesWanted + 3);
  const peak = mh.run(["search", "boiler"], { under: [process.execPath, "-e", peakProgram] });
  const peakMiB = Number(peak.err.trim().split("\n").at(-1));
  expect(peakMiB).toBeGreaterThan(30);
  expect(peakMiB).toBeLessThan(400);
});

/** Runs what follows and says on standard error how many MiB it took at most, as Linux counts. */
const peakProgram = `
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const [command, ...args] = process.argv.slice(1);
const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
let peak = 0;
const look = setInterval(() => {
  try {
    peak = Number(/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync("/proc/" + child.pid + "/status", "utf8"))?.[1] ?? peak);
  } catch { /* It has ended. */ }
}, 2);
child.on("close", () => {
  clearInterval(look);
  console.error(peak / 1024);
});
`;
