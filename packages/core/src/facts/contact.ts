import type { LastContact } from "@mh/contract/relationships.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isFromCalendar } from "../memory/calendar-source.ts";
import type { Database } from "../ports/database.ts";

const among = "IN (SELECT value FROM json_each(:keys))";

/**
 * Words of meeting, speaking and writing, in English and German: a note that has none only thinks of somebody. A verb in the
 * present is none: "I must call Sarah" is a plan.
 */
const contactWords =
  /\b(?:met|meeting|called|phoned|rang|talked|spoke|chatted|wrote|emailed|mailed|texted|visited|saw|walked|lunch|dinner|coffee|breakfast|getroffen|traf|telefoniert|angerufen|gesprochen|sprach|besucht|geschrieben|schrieb|mittagessen|abendessen)\b/i;

const past = "m.kind = 'episodic' AND m.at_ms <= :now";
const latest = "ORDER BY m.at_ms DESC, m.id DESC LIMIT :lookAt";

/** For somebody named often: the latest memories are walked back through until enough of them name them. */
const byTime = `SELECT m.record FROM memories m WHERE ${past} AND m.rowid IN (SELECT memory FROM entities WHERE key ${among}) ${latest}`;

/** For somebody named seldom: SQLite takes the tables of a CROSS JOIN in the order in which they stand. */
const byName = `SELECT m.record FROM (SELECT DISTINCT memory FROM entities WHERE key ${among}) e
  CROSS JOIN memories m ON m.rowid = e.memory WHERE ${past} ${latest}`;

const seldomMax = 2_000;

function isNamedOften(db: Database, keys: string): boolean {
  const sql = `SELECT 1 FROM entities WHERE key ${among} LIMIT 1 OFFSET ${seldomMax}`;
  return db.prepare(sql).get({ keys }) !== undefined;
}

/**
 * When the owner last had to do with somebody, by the memory that says so: a mail or a message, an event of the calendar
 * that is over, or a note of the owner's that tells of a meeting or a talk. Undefined where none of the latest `lookAt` does.
 */
export function lastContact(
  db: Database,
  keys: readonly string[],
  { now, lookAt }: { now: number; lookAt: number },
): LastContact | undefined {
  const wanted = { keys: JSON.stringify(keys), now, lookAt };
  const rows = db.prepare(isNamedOften(db, wanted.keys) ? byTime : byName).all(wanted) as { record: string }[];
  const found = rows.flatMap(({ record }) => contactIn(JSON.parse(record) as MemoryRecord, now));
  return found.reduce<LastContact | undefined>((last, each) => (last && last.at >= each.at ? last : each), undefined);
}

function contactIn(
  { id, at, source, tags, content, eventAt, speaker, session }: MemoryRecord,
  now: number,
): LastContact[] {
  if (source === "mail" || tags.includes("mail")) return [{ at, how: "mail", memory: id }];
  if (isFromCalendar(source)) {
    const past = eventAt.filter(({ to }) => Date.parse(to) <= now).map(({ from }) => from);
    const last = past.sort().at(-1);
    return last === undefined || tags.includes("cancelled") ? [] : [{ at: last, how: "calendar", memory: id }];
  }
  if (speaker !== undefined && session !== undefined) return [{ at, how: "message", memory: id }];
  return contactWords.test(content) ? [{ at, how: "told", memory: id }] : [];
}

const topicsMax = 10;

/** What memories that name somebody are about: the projects, organisations and things named with them, and tags. */
export function topicsOf(db: Database, keys: readonly string[]): { name: string; times: number }[] {
  const sql = `SELECT min(name) AS name, count(*) AS times FROM (
      SELECT o.name AS name, o.key AS key FROM entities o WHERE o.kind <> 'person'
        AND o.key NOT ${among} AND o.memory IN (SELECT memory FROM entities WHERE key ${among})
      UNION ALL SELECT t.value, lower(t.value) FROM memories m, json_each(m.record, '$.tags') t
        WHERE m.rowid IN (SELECT memory FROM entities WHERE key ${among}) AND t.value NOT IN ('mail', 'contact', 'cancelled')
    ) GROUP BY key ORDER BY times DESC, name LIMIT ${topicsMax}`;
  return db.prepare(sql).all({ keys: JSON.stringify(keys) }) as { name: string; times: number }[];
}
