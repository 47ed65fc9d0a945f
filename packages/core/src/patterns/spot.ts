import { patternSpot } from "@mh/contract/patterns.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { answeredRows, pastMost } from "../decision/decisions-table.ts";
import { nameOfAll, type Reading, wordsOf } from "../decision/words.ts";
import { isOwnWords } from "../facts/spot.ts";
import { defineQuery } from "../kernel/skill.ts";
import type { CheckMemory } from "../memory/skills/read.ts";
import { isObservedOnly } from "../observe/settings.ts";
import type { Database } from "../ports/database.ts";
import { busyHours, choicesIn, habitsIn, seenIn, toldAt } from "./patterns.ts";

const dayMs = 24 * 3_600_000;

/** Counts what was observed, what the owner noted and what they chose. Days are those of their time zone. */
export function spotPatternsSkill({ check, ...deps }: Reading & { timeZone: () => string } & { check: CheckMemory }) {
  return defineQuery(patternSpot, {
    run({ days }, { db, now }) {
      const since = now - days * dayMs;
      const read = (where: string) => {
        const records = recordsSince(db, where, since);
        for (const record of records) check(db, record);
        return records;
      };
      const observed = read("kind = 'artifact' AND source LIKE 'observed:%'").filter(isObservedOnly).flatMap(seenIn);
      const told = read("kind = 'episodic' AND source = 'capture' AND speaker IS NULL").filter(isOwnWords);
      const all = [...observed, ...told.map((record) => toldAt(record, deps.timeZone()))];
      const answered = answeredRows(db, pastMost)
        .filter(({ answered_ms }) => (answered_ms ?? 0) >= since)
        .toReversed()
        .flatMap((row) => {
          const names = nameOfAll(row, wordsOf(deps, row));
          const taken = names[row.answer ?? -1];
          return taken === undefined ? [] : [{ id: row.id, names, taken }];
        });
      return { habits: habitsIn(observed), busy: busyHours(all) ?? null, choices: choicesIn(answered) };
    },
  });
}

function recordsSince(db: Database, where: string, since: number): MemoryRecord[] {
  const sql = `SELECT record FROM memories WHERE ${where} AND archived = 0 AND at_ms >= ? ORDER BY at_ms DESC, id DESC LIMIT 5000`;
  const rows = db.prepare(sql).all(since) as { record: string }[];
  return rows.toReversed().map(({ record }) => JSON.parse(record));
}
