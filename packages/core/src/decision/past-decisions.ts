import { localOf, weekdayOf } from "../model/wall-clock.ts";
import { partOfDay } from "../persona/times.ts";
import type { Database } from "../ports/database.ts";
import { answeredRows, type DecisionRow, pastMost } from "./decisions-table.ts";
import type { PastDecision } from "./learned.ts";
import { type Reading, type Words, wordsOf } from "./words.ts";

/** What the owner answered or corrected, oldest first, as far as its words are still there. */
export function pastDecisions(db: Database, deps: Reading & { timeZone: () => string }): PastDecision[] {
  const zone = deps.timeZone();
  return answeredRows(db, pastMost)
    .flatMap((row) => {
      const words = wordsOf(deps, row);
      return words ? [pastOf(row, words, zone)] : [];
    })
    .toReversed();
}

function pastOf(row: DecisionRow, words: Words, zone: string): PastDecision {
  const places = row.options.flatMap(({ verdict }, n) => (verdict === "deny" && n !== row.answer ? [] : [n]));
  const options = places.map((n) => {
    const { name = "", skill, features, parts = [] } = words.options[n] ?? {};
    const told = row.options[n]?.score ?? 0;
    const learned = parts.filter((part) => part.name.startsWith("learned:"));
    return { name, skill, features, told, offset: learned.reduce((rest, { value }) => rest - value, told) };
  });
  const times = timesOf(row.ms, zone);
  return { id: row.id, situation: words.situation, times, options, chosen: places.indexOf(row.answer ?? -1) };
}

/** Marks of a time that habits go by. */
export function timesOf(ms: number, zone: string): string[] {
  const local = localOf(ms, zone);
  return [`time:${partOfDay(local.hour)}`, `day:${weekdayOf(local)}`];
}
