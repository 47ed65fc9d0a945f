import { type FullCase, Sweep } from "../../support/sweep/sweep.ts";
import { Wrong } from "../../support/sweep/wrong.ts";
import { Finding, type Target } from "../target.ts";

const blocksMax = 256;

/** A command of the built CLI on a disk with so much room. The input is which, as JSON. */
export async function open(): Promise<Target> {
  const sweep = await Sweep.prepare();
  return {
    renewAfter: Number.POSITIVE_INFINITY,
    make(dice) {
      const each: FullCase = { command: dice.pick(sweep.fullCommands), freeBytes: 4096 * dice.below(blocksMax) };
      return Buffer.from(JSON.stringify(each));
    },
    async whole() {
      const cases: FullCase[] = [];
      for (const command of sweep.fullCommands) cases.push(...(await sweep.fullCases(command)));
      return cases.map((each) => Buffer.from(JSON.stringify(each)));
    },
    async feed(input) {
      await sweep.runFull(JSON.parse(String(input)) as FullCase).catch((error: unknown) => {
        throw error instanceof Wrong ? new Finding(error.message) : error;
      });
    },
    [Symbol.asyncDispose]: () => sweep[Symbol.asyncDispose](),
  };
}
