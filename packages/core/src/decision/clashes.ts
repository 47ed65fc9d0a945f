import type { EventTime, MemoryRecord } from "@mh/contract/values/memory.ts";
import { isFromCalendarSql } from "../memory/calendar-source.ts";
import type { Database } from "../ports/database.ts";

/** An event of the owner's calendar, and how much it takes of the time that an option names, above 0 and up to 1. */
export interface Clash {
  id: string;
  share: number;
}

/** How long something lasts that is said to begin at a time. */
const lastsMs = 3_600_000;
const eventsMost = 100;

/**
 * The events of the owner's calendars, all-day ones left out, which take some of the times. They are somebody else's words as
 * often as not: when they are counts, and not what they say.
 */
export function clashesWith(db: Database, times: readonly EventTime[]): Clash[] {
  const shares = new Map<string, number>();
  for (const time of times) {
    const from = Date.parse(time.from);
    const to = Math.max(Date.parse(time.to), from + lastsMs);
    for (const { id, spans } of eventsWithin(db, from, to)) {
      const taken = spans.reduce(
        (sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)),
        0,
      );
      if (taken > 0) shares.set(id, Math.min(1, (shares.get(id) ?? 0) + taken / (to - from)));
    }
  }
  return [...shares].map(([id, share]) => ({ id, share }));
}

function eventsWithin(db: Database, from: number, to: number) {
  const sql = `SELECT DISTINCT m.id, m.record FROM event_times e JOIN memories m ON m.rowid = e.memory
    WHERE e.from_ms < :to AND e.to_ms > :from AND ${isFromCalendarSql("m.source")} AND m.archived = 0 ORDER BY m.id LIMIT ${eventsMost}`;
  const rows = db.prepare(sql).all({ from, to }) as { id: string; record: string }[];
  return rows.flatMap(({ id, record }) => {
    const { eventAt, tags } = JSON.parse(record) as MemoryRecord;
    if (tags.includes("cancelled") || tags.includes("task")) return [];
    const timed = eventAt.filter(({ grain }) => grain === "minute" || grain === "hour");
    return [{ id, spans: timed.map((span) => ({ from: Date.parse(span.from), to: Date.parse(span.to) })) }];
  });
}
