import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { expect, test } from "vitest";
import { ended, startDaemon, usageOf } from "../../../bench/support/bench-daemon.ts";
import { load } from "../../../bench/support/load.ts";
import { prepareHome } from "../../../bench/support/load-home.ts";
import { HomeChecker } from "../../support/check-home.ts";

const program = path.join(import.meta.dirname, "../../../bin/mh");
const rounds = 121;
/** What it holds after its first minute; an hour of `npm run bench load` comes to 300. */
const memoryMiBMax = 240;
/** A request is a line of the daemon's own log. */
const logBytesPerRequestMax = 500;

test.skipIf(process.platform !== "linux")(
  "R-17 under load a daemon's memory, descriptors and log stay within bounds, and all that it acknowledged is there",
  async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-load-"));
    const environment = { PATH: process.env.PATH, HOME: folder, NO_COLOR: "1" };
    const root = path.join(folder, "home");
    await using models = await startScriptedModels();
    prepareHome(root, environment, { mh: [program], modelUrl: models.url });
    const daemon = await startDaemon(root, environment);
    const descriptors: number[] = [];
    const goesOn = (round: number) => {
      if (round % 60 === 30) descriptors.push(fs.readdirSync(`/proc/${daemon.pid}/fd`).length);
      return round < rounds;
    };
    try {
      const loaded = await load({ root, environment, scratch: path.join(folder, "notes"), agent: "counter", goesOn });
      const { rssMiB } = usageOf(daemon);
      const requests = Object.values(loaded.acknowledged).reduce((sum, count) => sum + count, 0);
      const logBytes = fs.statSync(path.join(root, "logs", "run", "daemon.ndjson")).size;
      expect(loaded).toMatchObject({ wrong: [], rounds });
      expect(loaded.events).toBeGreaterThan(rounds);
      expect(rssMiB).toBeLessThan(memoryMiBMax);
      expect(logBytes / requests).toBeLessThan(logBytesPerRequestMax);
      // A connection more or less is open at the moment.
      expect(Math.max(...descriptors) - Math.min(...descriptors)).toBeLessThan(8);
      await ended(daemon);
      using checker = new HomeChecker();
      const { done, there, gone } = loaded;
      expect(await checker.check(root, { done, there, gone })).toEqual([]);
      expect(spawnSync(program, ["--home", root, "audit", "verify"], { env: environment }).status).toBe(0);
      // Nothing is left of what was written on the way.
      expect(fs.globSync("**/*.tmp", { cwd: root })).toEqual([]);
    } finally {
      await ended(daemon);
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
);
