import { expect, inject, test } from "vitest";
import { drive } from "../fuzz/drive.ts";
import { keptInputs } from "../fuzz/kept-inputs.ts";
import { targetNames } from "../fuzz/targets/index.ts";

/** Few of each: the long run is `npm run fuzz`. */
const inputs = 25;

/** Each of their inputs is some processes: `long/sweep.test.ts` gives them a few. */
const slow: ReadonlySet<string> = new Set(["strace", "full-disk"]);

for (const target of targetNames.filter((name) => !slow.has(name)))
  test(`${target} of somebody hostile, those that found something once among them, are answered within bounds`, async () => {
    const kept = keptInputs(target);
    const result = await drive(target, { seed: 1, inputs, kept });
    expect(result.found).toEqual([]);
    expect(result.inputs).toBe(inputs + kept.length);
  });

test("what crashes, hangs, fills memory or answers out of the contract is found, and the next input is given", async () => {
  const { found, inputs: given } = await drive("broken", { seed: inject("seed"), inputs: 0, kept: brokenWays });
  expect(found.map(({ kind, name }) => [name, kind])).toEqual([
    ["crash", "crash"],
    ["hang", "hang"],
    ["late", "processor"],
    ["memory", "memory"],
    ["answer", "answer"],
    ["escape", "answer"],
  ]);
  expect(given).toBe(brokenWays.length);
});

const brokenWays = ["fine", "crash", "fine", "hang", "late", "memory", "answer", "escape", "fine"].map((name) => ({
  name,
  bytes: Buffer.from(name),
}));
