import { makeSimulator, Wrong } from "../../support/simulation/simulate.ts";
import { Finding, type Target } from "../target.ts";

/** Ten commands on a disk that fails, a crash, and a look at what is there. The input is the seed of all that. */
export async function open(): Promise<Target> {
  const simulator = await makeSimulator();
  // What the first one loads is no cost of an input.
  await simulator.run(1);
  return {
    renewAfter: 200,
    // The whole life of a home, opened again and again and compared with an index made anew.
    cpuMsMax: 4_000,
    make: (dice) => Buffer.from(String(dice.below(2 ** 31))),
    async feed(input) {
      await simulator.run(Number(input)).catch((error: unknown) => {
        throw error instanceof Wrong ? new Finding(error.message) : error;
      });
    },
    async [Symbol.asyncDispose]() {
      simulator[Symbol.dispose]();
    },
  };
}
