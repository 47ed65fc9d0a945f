import type { LastContact } from "@mh/contract/relationships.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Database } from "../ports/database.ts";

const among = "IN (SELECT value FROM json_each(:keys))";

/** Words of meeting, speaking and writing, in English and German: a note that has none only thinks of somebody. */
const contactWords =
  /\b(?:met|meet|meeting|called|call|phoned|rang|talked|spoke|chatted|wrote|write|emailed|mailed|texted|visited|visit|saw|lunch|dinner|coffee|breakfast|walk|getroffen|traf|telefoniert|angerufen|gesprochen|sprach|besucht|geschrieben|schrieb|mittagessen|abendessen)\b/i;

/**
 * When the owner last had to do with somebody, by the memory that says so: a mail or a message, an event of the calendar
 * that is over, or a note of the owner's that tells of a meeting or a talk. Undefined where none of the latest `lookAt` does.
 */
export function lastContact(
  db: Database,
  keys: readonly string[],
  { now, lookAt }: { now: number; lookAt: number },
): LastContact | undefined {
  const sql = `SELECT record FROM memories WHERE kind = 'episodic' AND at_ms <= :now
    AND rowid IN (SELECT memory FROM entities WHERE key ${among}) ORDER BY at_ms DESC, id DESC LIMIT :lookAt`;
  const rows = db.prepare(sql).all({ keys: JSON.stringify(keys), now, lookAt }) as { record: string }[];
  const found = rows.flatMap(({ record }) => contactIn(JSON.parse(record) as MemoryRecord, now));
  return found.reduce<LastContact | undefined>((last, each) => (last && last.at >= each.at ? last : each), undefined);
}

function contactIn(
  { id, at, source, tags, content, eventAt, speaker, session }: MemoryRecord,
  now: number,
): LastContact[] {
  if (source === "mail" || tags.includes("mail")) return [{ at, how: "mail", memory: id }];
  if (source === "calendar") {
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
