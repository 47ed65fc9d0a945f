import { decisionDrift } from "@mh/contract/decision.ts";
import { defineQuery } from "../kernel/skill.ts";
import { localDay } from "../model/wall-clock.ts";
import { answeredRows, type DecisionRow, expectedOf, pastMost } from "./decisions-table.ts";

/** In so many later answers one counts half. */
const halfLife = 20;

/**
 * How far the owner's choices are from what was predicted: of the answers, oldest first, the share that was otherwise, the
 * latest counting most. Within 0 and 1; null where nothing was answered.
 */
export function driftOf(wasRight: readonly boolean[]): number | null {
  if (wasRight.length === 0) return null;
  let [off, all] = [0, 0];
  for (const isRight of wasRight) {
    const fade = 0.5 ** (1 / halfLife);
    off = off * fade + (isRight ? 0 : 1);
    all = all * fade + 1;
  }
  return off / all;
}

const weekMs = 7 * 24 * 3_600_000;

/** How far the owner's answers are from what was expected, now and at the end of each week. */
export function driftSkill({ timeZone }: { timeZone: () => string }) {
  return defineQuery(decisionDrift, {
    run({ weeks: count }, { db, now }) {
      const judged = answeredRows(db, pastMost).toReversed().flatMap(judgedOf);
      const weeks = Array.from({ length: count }, (_, n) => {
        const until = now - (count - 1 - n) * weekMs;
        const sofar = judged.filter(({ ms }) => ms <= until);
        const within = sofar.filter(({ ms }) => ms > until - weekMs);
        return {
          to: localDay(until, timeZone()),
          drift: driftOf(sofar.map(({ wasRight }) => wasRight)),
          answers: within.length,
          otherwise: within.filter(({ wasRight }) => !wasRight).length,
        };
      });
      return { drift: driftOf(judged.map(({ wasRight }) => wasRight)), answers: judged.length, weeks };
    },
  });
}

/** What was expected is what was chosen; where it was left to the owner, what scored the most. Nothing is no judgement. */
function judgedOf({ answer, chosen, options, answered_ms, ms }: DecisionRow): { ms: number; wasRight: boolean }[] {
  const expected = chosen ?? expectedOf(options);
  return expected === undefined ? [] : [{ ms: answered_ms ?? ms, wasRight: answer === expected }];
}
