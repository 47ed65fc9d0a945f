import fc from "fast-check";
import { inject, test } from "vitest";
import { lastly, night, sequences } from "../support/sequences/commands.ts";
import { makeWorld } from "../support/sequences/world.ts";

const seed = inject("seed");
const runs = Number(process.env.MH_SEQUENCES ?? (process.env.CI ? 6 : 2));
const stepsMax = 40;
// What fails is made smaller, which takes many more runs.
const timeoutMs = 30 * 60_000;

test(
  "H5 after any sequence of captures, edits, hands, merges, undos and crashes, files, answers and a new index agree",
  async () => {
    const property = fc.asyncProperty(sequences(stepsMax), async (commands) => {
      const world = await makeWorld();
      await using _home = world.home;
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      for (const last of [night, lastly]) await last.run({}, world);
    });
    await fc.assert(property, { seed, numRuns: runs, endOnFailure: process.env.MH_NO_SHRINK !== undefined });
  },
  timeoutMs,
);
