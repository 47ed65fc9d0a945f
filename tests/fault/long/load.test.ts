import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { expect, test } from "vitest";
import { ended, startDaemon } from "../../../bench/support/bench-daemon.ts";
import { load } from "../../../bench/support/load.ts";
import { prepareHome } from "../../../bench/support/load-home.ts";
import { sampleOf } from "../../../bench/support/load-samples.ts";
import { notOnce } from "../../../bench/support/load-verdict.ts";
import { HomeChecker } from "../../support/check-home.ts";

const program = path.join(import.meta.dirname, "../../../bin/mh");
const rounds = 61;
/** At its height, when code and words are loaded; it levels off lower, as `bench/load.ts --minutes 60` says. */
const memoryMiBMax = 225;
/** A request is a line of the daemon's own log. */
const logBytesPerRequestMax = 500;

test.skipIf(process.platform !== "linux")(
  "R-17 under load a daemon's memory, descriptors and log stay within bounds, and all that it acknowledged is there",
  async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-load-"));
    const environment = { PATH: process.env.PATH, HOME: folder, NO_COLOR: "1" };
    const root = path.join(folder, "home");
    await using models = await startScriptedModels();
    const tokens = prepareHome(root, environment, { mh: [program], modelUrl: models.url });
    const daemon = await startDaemon(root, environment);
    const descriptors: number[] = [];
    const memory: number[] = [];
    const goesOn = (round: number) => {
      const sample = sampleOf(daemon.pid as number, 0);
      if (round >= rounds / 2) descriptors.push(sample.descriptors);
      memory.push(sample.rssMiB);
      return round < rounds;
    };
    try {
      const scratch = path.join(folder, "notes");
      const loaded = await load({ root, environment, scratch, agent: "counter", tokens, goesOn });
      const requests = Object.values(loaded.acknowledged).reduce((sum, count) => sum + count, 0);
      const logBytes = fs.statSync(path.join(root, "logs", "run", "daemon.ndjson")).size;
      expect(loaded).toMatchObject({ wrong: [], rounds });
      expect(loaded.events).toBeGreaterThan(rounds);
      expect(Math.max(...memory)).toBeLessThan(memoryMiBMax);
      expect(logBytes / requests).toBeLessThan(logBytesPerRequestMax);
      // How many connections are open at a moment differs; what is never closed is open at each.
      const [earlier, later] = [0, 1].map((half) =>
        Math.min(...descriptors.filter((_, at) => half === Math.floor((2 * at) / descriptors.length))),
      );
      expect(Number(later) - Number(earlier)).toBeLessThan(4);
      await ended(daemon);
      using checker = new HomeChecker();
      const { done, there, gone } = loaded;
      expect(await checker.check(root, { done, there, gone })).toEqual([]);
      expect(notOnce(root, loaded)).toEqual([]);
      expect(spawnSync(program, ["--home", root, "audit", "verify"], { env: environment }).status).toBe(0);
      // Nothing is left of what was written on the way.
      expect(fs.globSync("**/*.tmp", { cwd: root })).toEqual([]);
    } finally {
      await ended(daemon);
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
);
