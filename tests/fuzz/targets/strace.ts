import { type Case, Sweep } from "../../support/sweep/sweep.ts";
import { Wrong } from "../../support/sweep/wrong.ts";
import { Finding, type Target } from "../target.ts";

/** A command of the built CLI with one of its calls to the kernel going wrong. The input is which, as JSON. */
export async function open(): Promise<Target> {
  const sweep = await Sweep.prepare();
  const cases = new Map<string, Case[]>();
  for (const command of sweep.commands) cases.set(command, await sweep.cases(command));
  return {
    renewAfter: Number.POSITIVE_INFINITY,
    make: (dice) => Buffer.from(JSON.stringify(dice.pick(cases.get(dice.pick(sweep.commands)) as Case[]))),
    whole: () => [...cases.values()].flat().map((each) => Buffer.from(JSON.stringify(each))),
    async feed(input) {
      await sweep.run(JSON.parse(String(input)) as Case).catch((error: unknown) => {
        throw error instanceof Wrong ? new Finding(error.message) : error;
      });
    },
    [Symbol.asyncDispose]: () => sweep[Symbol.asyncDispose](),
  };
}
