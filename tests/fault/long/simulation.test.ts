import { expect, inject, test } from "vitest";
import { seedOf } from "../../fuzz/dice.ts";
import { makeSimulator } from "../../support/simulation/simulate.ts";

const runs = Number(process.env.MH_SIMULATIONS ?? (process.env.CI ? 500 : 50));
/** Of its own in CI, where all else that is random is the same for every commit. */
const seed = Number(process.env.MH_SIMULATION_SEED ?? inject("seed"));
process.stdout.write(`simulation seed ${seed} (MH_SIMULATION_SEED=${seed} repeats these runs)\n`);
/** `MH_SIMULATION=SEED` repeats one run; `npm run fuzz -- simulation` goes on as long as it is told. */
const only = process.env.MH_SIMULATION;

test(`R-9 after ${runs} runs on a disk that fails and loses its power, what was told is what is there, once`, async () => {
  const seeds = only ? [Number(only)] : Array.from({ length: runs }, (_, n) => seedOf(seed, n));
  using simulator = await makeSimulator();
  const wrong: string[] = [];
  for (const seed of seeds)
    await simulator.run(seed).catch((error: unknown) => wrong.push(`MH_SIMULATION=${seed}: ${String(error)}`));
  expect(wrong).toEqual([]);
});

test("R-9 a run of the same seed is the same run", async () => {
  using simulator = await makeSimulator();
  const seeds = Array.from({ length: 5 }, (_, n) => seedOf(seed, n));
  // Names that are made anew each time, and what follows from how many digits the sums of lines have: sizes, and the places by
  // which what was torn off is called.
  const varying = [
    ...[/[0-9a-f]{8}-[0-9a-f-]{27}/, /[0-9a-f]{64}/, /(?<=mh-sim-)\w+/, /(?<= (?:write|truncate) \S+ )\d+/],
    ...[/(?<=logs\/torn\/\S+\.ndjson\.)\d+/, /\b\d+$/],
  ];
  const pattern = new RegExp(varying.map(({ source }) => source).join("|"), "g");
  const told = async (seed: number) => (await simulator.run(seed)).map((line) => line.replace(pattern, "…"));
  for (const seed of seeds) {
    // What is loaded at first use comes later the first time.
    await told(seed);
    expect(await told(seed)).toEqual(await told(seed));
  }
});
