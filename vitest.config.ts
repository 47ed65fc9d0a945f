import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongFirst } from "./tests/support/setup/long-first.ts";

// One seed for everything random in a run; `MH_TEST_SEED=… bin/test` repeats it. Tests take it by `inject("seed")`.
process.env.MH_TEST_SEED ??= String(randomInt(2 ** 31));
const seed = Number(process.env.MH_TEST_SEED);
console.log(`seed ${seed} (MH_TEST_SEED=${seed} repeats this run)`);

// Our packages import each other's files; a package's public entries are all that resolves without this (see `exports`).
const source = "mh-source";

const setup = "tests/support/setup";
const faultTests = {
  setupFiles: [`${setup}/leave-no-process.ts`],
  testTimeout: 60 * 60_000,
  hookTimeout: 5 * 60_000,
};

// Each project is a lane of tools/test.ts. A file belongs to one by its folder alone.
export default defineConfig({
  ssr: { resolve: { conditions: [source, "module", "node", "development|production"] } },
  test: {
    provide: { seed },
    // For the programs that tests start from our sources.
    env: { NODE_OPTIONS: `--conditions=${source}` },
    // Whatever comes in the end is waited for, also where many share a machine; a second is a guess of the library's.
    expect: { poll: { timeout: 60_000 } },
    sequence: { seed, sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/**/*.test.ts", "tests/system/**/*.test.ts"],
          globalSetup: [`${setup}/temporary-folder.ts`],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: "100%",
        },
      },
      {
        extends: true,
        test: {
          ...faultTests,
          name: "fault",
          include: ["tests/fault/**/*.test.ts"],
          exclude: ["tests/fault/alone/**"],
          globalSetup: [`${setup}/temporary-folder.ts`, `${setup}/program.ts`],
          // Half of the time they wait for a server, a clock or a process that ends.
          maxWorkers: availableParallelism() + 1,
        },
      },
      {
        extends: true,
        test: {
          ...faultTests,
          name: "alone",
          include: ["tests/fault/alone/**/*.test.ts"],
          globalSetup: [`${setup}/temporary-folder.ts`, `${setup}/program.ts`],
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
