import { randomInt } from "node:crypto";
import { defineConfig } from "vitest/config";

// One seed for everything random in a run; `MH_TEST_SEED=… bin/test` repeats it. Tests take it by `inject("seed")`.
process.env.MH_TEST_SEED ??= String(randomInt(2 ** 31));
const seed = Number(process.env.MH_TEST_SEED);
console.log(`seed ${seed} (MH_TEST_SEED=${seed} repeats this run)`);

// Our packages import each other's files; a package's public entries are all that resolves without this (see `exports`).
const source = "mh-source";

export default defineConfig({
  ssr: { resolve: { conditions: [source, "module", "node", "development|production"] } },
  test: {
    provide: { seed },
    // For the programs that tests start from our sources.
    env: { NODE_OPTIONS: `--conditions=${source}` },
    // Whatever comes in the end is waited for, also where many share a machine; a second is a guess of the library's.
    expect: { poll: { timeout: 15_000 } },
    sequence: { seed, shuffle: { tests: false, files: true } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/**/*.test.ts", "tests/system/**/*.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          maxWorkers: "100%",
        },
      },
      {
        extends: true,
        test: {
          name: "fault",
          include: ["tests/fault/**/*.test.ts"],
          testTimeout: 15 * 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

declare module "vitest" {
  interface ProvidedContext {
    seed: number;
  }
}
