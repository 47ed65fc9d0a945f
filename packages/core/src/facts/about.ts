import { memoryAbout } from "@mh/contract/relationships.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { defineQuery } from "../kernel/skill.ts";
import { mentionedWith, relationshipOf } from "../memory/skills/look.ts";
import { localDay } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { lastContact, topicsOf } from "./contact.ts";
import { factsWith } from "./facts.ts";
import { type FactListDeps, inOrder, withStanding } from "./list.ts";
import { keysOf, nameMeant } from "./names-of.ts";

const textCharsMax = 200;

/** The card of a person, a place, a project: what memories take it for, its names, its facts, its latest memories. */
export function aboutSkill(deps: FactListDeps) {
  return defineQuery(memoryAbout, {
    run({ name, last }, { db, now }) {
      const meant = nameMeant(db, name, deps.config().owner);
      const keys = keysOf(db, meant, deps.config().owner);
      const facts = factsWith(db, keys);
      const memories = latestNaming(db, keys, last);
      for (const each of [...facts, ...memories]) deps.check(db, each);
      const standing = inOrder(withStanding(db, facts, localDay(now, deps.timeZone())));
      const spelt = spellings(db, keys);
      const [shown = meant] = spelt.filter(({ key }) => key === keys[0]).map((each) => each.name);
      return {
        name: shown,
        kinds: kindsOf(db, keys),
        aliases: [...new Set(spelt.filter(({ key }) => key !== keys[0]).map((each) => each.name))],
        ...spanOf(db, keys),
        lastContact: lastContact(db, keys, { now, lookAt: 200 }) ?? null,
        topics: topicsOf(db, keys),
        relationships: standing.map((each) => relationshipOf(each, keys)),
        memories: memories.map(({ id, at, datedBy, content }) => ({
          ...{ id, at, ...(datedBy && { datedBy }) },
          text: content.replace(/\s+/g, " ").trim().slice(0, textCharsMax).toWellFormed(),
        })),
        together: mentionedWith(db, keys[0] ?? ""),
      };
    },
  });
}

const among = "IN (SELECT value FROM json_each(:keys))";

function latestNaming(db: Database, keys: readonly string[], limit: number): MemoryRecord[] {
  const sql = `SELECT record FROM memories WHERE kind NOT IN ('artifact', 'semantic')
    AND archived = 0 AND rowid IN (SELECT memory FROM entities WHERE key ${among}) ORDER BY at_ms DESC, id DESC LIMIT :limit`;
  const rows = db.prepare(sql).all({ keys: JSON.stringify(keys), limit }) as { record: string }[];
  return rows.map(({ record }) => JSON.parse(record));
}

function kindsOf(db: Database, keys: readonly string[]): { kind: string; times: number }[] {
  const sql = `SELECT kind, count(*) AS times FROM entities WHERE key ${among} GROUP BY kind ORDER BY times DESC, kind`;
  return db.prepare(sql).all({ keys: JSON.stringify(keys) }) as { kind: string; times: number }[];
}

function spanOf(db: Database, keys: readonly string[]) {
  const sql = `SELECT count(*) AS mentions, min(at_ms) AS first, max(at_ms) AS last FROM memories
    WHERE kind NOT IN ('artifact', 'semantic') AND rowid IN (SELECT memory FROM entities WHERE key ${among})`;
  const row = db.prepare(sql).get({ keys: JSON.stringify(keys) }) as Record<
    "mentions" | "first" | "last",
    number | null
  >;
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return { mentions: row.mentions ?? 0, firstAt: iso(row.first), lastAt: iso(row.last) };
}

/** How facts, or else memories, write each of the names. */
function spellings(db: Database, keys: readonly string[]): { key: string; name: string }[] {
  const sql = `SELECT f.subject_key AS key, m.record ->> '$.fact.subject' AS name FROM facts f
      JOIN memories m ON m.rowid = f.memory WHERE f.subject_key = :key AND f.status <> 'revoked'
    UNION ALL SELECT f.object_key, m.record ->> '$.fact.object' FROM facts f
      JOIN memories m ON m.rowid = f.memory WHERE f.object_key = :key AND f.status <> 'revoked'
    UNION ALL SELECT key, name FROM entities WHERE key = :key LIMIT 1`;
  return keys.flatMap((key) => (db.prepare(sql).get({ key }) as { key: string; name: string } | undefined) ?? []);
}
