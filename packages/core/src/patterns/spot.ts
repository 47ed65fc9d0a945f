import { patternSpot } from "@mh/contract/patterns.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { answeredRows, pastMost } from "../decision/decisions-table.ts";
import { nameOfAll, type Reading, wordsOf } from "../decision/words.ts";
import { isOwnWords } from "../facts/spot.ts";
import { defineQuery } from "../kernel/skill.ts";
import { calendarSource } from "../memory/calendar-source.ts";
import { chatSource } from "../memory/chat-source.ts";
import type { CheckMemory } from "../memory/skills/read.ts";
import { isObservedOnly } from "../observe/settings.ts";
import type { Database } from "../ports/database.ts";
import { choicesIn, cyclesIn, habitsIn, metAt, type Seen, seenAt, seenIn } from "./patterns.ts";

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
      const zone = deps.timeZone();
      const said = read(`kind = 'episodic' AND source IN ('capture', '${chatSource}') AND speaker IS NULL`);
      const told = said.filter(isOwnWords).map(({ id, at }) => seenAt(Date.parse(at), zone, { memory: id }));
      const met = eventsSince(db, since, now).flatMap(({ record, times }) => {
        check(db, record);
        return metAt(record, times, zone);
      });
      const answered = answeredRows(db, pastMost)
        .filter(({ answered_ms }) => (answered_ms ?? 0) >= since)
        .toReversed()
        .flatMap((row) => {
          const names = nameOfAll(row, wordsOf(deps, row));
          const taken = names[row.answer ?? -1];
          return taken === undefined ? [] : [{ id: row.id, names, taken }];
        });
      const habits = [
        ...habitsIn(observed).map((habit) => ({ of: "doings" as const, ...habit })),
        ...habitsIn(met).map((habit) => ({ of: "calendar" as const, ...habit })),
      ];
      const active = [...observed, ...told, ...answersSince(db, since, zone)];
      return { habits, cycles: cyclesIn(active), choices: choicesIn(answered) };
    },
  });
}

function recordsSince(db: Database, where: string, since: number): MemoryRecord[] {
  const sql = `SELECT record FROM memories WHERE ${where} AND archived = 0 AND at_ms >= ? ORDER BY at_ms DESC, id DESC LIMIT 5000`;
  const rows = db.prepare(sql).all(since) as { record: string }[];
  return rows.toReversed().map(({ record }) => JSON.parse(record));
}

/** When the owner answered a decision or an approval request, by the log. */
function answersSince(db: Database, since: number, zone: string): Seen[] {
  const sql = `SELECT answered_ms AS ms FROM decisions WHERE answer IS NOT NULL AND answered_ms >= :since
    UNION ALL SELECT answered_ms FROM approvals WHERE status IN ('approved', 'refused') AND answered_ms >= :since LIMIT 5000`;
  const rows = db.prepare(sql).all({ since }) as { ms: number }[];
  return rows.map(({ ms }) => seenAt(ms, zone));
}

/** What was in the owner's calendars, each event with its times. What was only brought in under their name is none of it. */
function eventsSince(db: Database, since: number, now: number): { record: MemoryRecord; times: number[] }[] {
  const sql = `SELECT m.id, m.record, t.from_ms AS ms FROM event_times t JOIN memories m ON m.rowid = t.memory
    WHERE t.from_ms >= ? AND t.from_ms <= ? AND m.source LIKE ? AND m.archived = 0 ORDER BY t.from_ms, m.id LIMIT 5000`;
  const rows = db.prepare(sql).all(since, now, calendarSource("%")) as { id: string; record: string; ms: number }[];
  const found = [...Map.groupBy(rows, ({ id }) => id).values()].map((own) => ({
    record: JSON.parse(own[0]?.record ?? "") as MemoryRecord,
    times: own.map(({ ms }) => ms),
  }));
  return found.filter(({ record: { source, origins } }) => origins.every((origin) => origin === source));
}
