import { expect, inject, test } from "vitest";
import { diceFrom } from "../../fuzz/dice.ts";
import { canMount } from "../../support/mount-small.ts";
import { canTrace } from "../../support/sweep/strace.ts";
import { Sweep } from "../../support/sweep/sweep.ts";

/** Few of each, others at each run: all of them are `npm run fuzz -- strace --whole` and `npm run fuzz -- full-disk --whole`. */
const perCommand = process.env.CI ? 5 : 2;
const sizesPerCommand = process.env.CI ? 3 : 1;

test.skipIf(!canTrace && !process.env.CI)(
  "R-2 R-5 R-10 whichever call to the kernel fails or is the last, what is told is what is there, in words",
  async () => {
    const dice = diceFrom(inject("seed"));
    await using sweep = await Sweep.prepare();
    const wrong: string[] = [];
    let hits = 0;
    for (const command of sweep.commands) {
      const cases = await sweep.cases(command);
      expect(cases.length).toBeGreaterThan(100);
      for (let n = 0; n < perCommand; n += 1) {
        const each = dice.pick(cases);
        const story = await sweep
          .run(each)
          .catch((error: Error) => wrong.push(`${JSON.stringify(each)}\n${error.message}`));
        if (story !== undefined) hits += 1;
      }
    }
    expect(wrong).toEqual([]);
    // Of calls that are counted by thread, some come elsewhere the next time.
    expect(hits).toBeGreaterThan(0);
  },
);

test.skipIf(!canMount() && !process.env.CI)(
  "R4 R-5 R-11 whatever room is left on the disk, what is told is what is there, and reading wants none",
  async () => {
    const dice = diceFrom(inject("seed"));
    await using sweep = await Sweep.prepare();
    const wrong: string[] = [];
    for (const command of sweep.fullCommands)
      for (let n = 0; n < sizesPerCommand; n += 1) {
        const freeBytes = 4096 * dice.below(128);
        await sweep.runFull({ command, freeBytes }).catch((error: Error) => wrong.push(error.message));
      }
    expect(wrong).toEqual([]);
  },
);
