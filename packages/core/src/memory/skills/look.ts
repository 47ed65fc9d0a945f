import {
  type MemoryStats,
  type Moment,
  memoryStats,
  memoryTimeline,
  type Relationship,
  relationshipShow,
} from "@mh/contract/memory-look.ts";
import type { Fact, MemoryRecord } from "@mh/contract/values/memory.ts";
import { factsWith } from "../../facts/facts.ts";
import { defineQuery } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import { entityKey } from "../project.ts";

/** Memories along time, by when they were told and when what they tell of happens. */
export function timelineSkill() {
  return defineQuery(memoryTimeline, {
    run({ from, to, about, kinds = ["episodic"], limit, forward }, { db }) {
      const order = forward ? "ASC" : "DESC";
      const sql = `WITH points AS (
          SELECT rowid AS memory, at_ms AS ms, 0 AS happens FROM memories
          UNION ALL SELECT memory, from_ms, 1 FROM event_times
        ) SELECT p.ms, p.happens, m.record FROM points p JOIN memories m ON m.rowid = p.memory
        WHERE p.ms >= :from AND p.ms < :to AND m.kind IN (SELECT value FROM json_each(:kinds))
          AND (:about IS NULL OR p.memory IN (SELECT memory FROM entities WHERE key = :about))
        ORDER BY p.ms ${order}, m.id ${order}, p.happens LIMIT :limit`;
      const rows = db.prepare(sql).all({
        from: from ? Date.parse(from) : Number.MIN_SAFE_INTEGER,
        to: to ? Date.parse(to) : Number.MAX_SAFE_INTEGER,
        kinds: JSON.stringify(kinds),
        about: about ? entityKey(about) : null,
        limit: limit + 1,
      }) as { ms: number; happens: number; record: string }[];
      const moments = rows.slice(0, limit).map(({ ms, happens, record }) => ({
        at: new Date(ms).toISOString(),
        why: happens ? ("happens" as const) : ("told" as const),
        memory: JSON.parse(record) as MemoryRecord,
      }));
      return { moments: oncePerDay(moments), more: rows.length > limit };
    },
  });
}

/** A text that names the same day twice happens on it once. */
function oncePerDay(moments: readonly Moment[]): Moment[] {
  const seen = new Set<string>();
  return moments.filter(({ at, why, memory }) => {
    const key = `${at.slice(0, 10)} ${why} ${memory.id}`;
    return seen.size !== seen.add(key).size;
  });
}

/** How much there is of what, and since when. */
export function statsSkill() {
  return defineQuery(memoryStats, {
    run(_args, { db }) {
      const count = (sql: string) => (db.prepare(sql).get() as { n: number }).n;
      const grouped = (sql: string) =>
        Object.fromEntries((db.prepare(sql).all() as { key: string; n: number }[]).map(({ key, n }) => [key, n]));
      const span = db.prepare("SELECT min(at_ms) AS first, max(at_ms) AS last FROM memories").get() as Span;
      return {
        kinds: grouped("SELECT kind AS key, count(*) AS n FROM memories GROUP BY kind"),
        sources: db
          .prepare("SELECT source, count(*) AS memories FROM memories GROUP BY source ORDER BY memories DESC LIMIT 20")
          .all() as MemoryStats["sources"],
        months: db
          .prepare(
            `SELECT strftime('%Y-%m', at_ms / 1000, 'unixepoch') AS month, count(*) AS memories FROM memories
             GROUP BY month ORDER BY month DESC LIMIT 24`,
          )
          .all() as MemoryStats["months"],
        tasks: grouped("SELECT status AS key, count(*) AS n FROM tasks GROUP BY status"),
        people: count("SELECT count(*) AS n FROM people"),
        facts: count("SELECT count(*) AS n FROM facts WHERE status <> 'revoked'"),
        forgotten: count("SELECT count(*) AS n FROM tombstones"),
        retracted: count("SELECT count(*) AS n FROM retractions"),
        lines: count("SELECT (SELECT count(*) FROM revisions) + (SELECT count(*) FROM tombstones) AS n"),
        bytes: count("SELECT coalesce(sum(size), 0) AS n FROM data_files"),
        firstAt: isoOf(span.first),
        lastAt: isoOf(span.last),
      };
    },
  });
}

interface Span {
  first: number | null;
  last: number | null;
}

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The relationships of somebody or something: facts from both ends, and what is mentioned together with it. */
export function showRelationshipsSkill() {
  return defineQuery(relationshipShow, {
    run({ name }, { db }) {
      const key = entityKey(name);
      const relationships = factsWith(db, name).map((record) => relationshipOf(record, key));
      const known = db.prepare("SELECT name, count(*) AS n FROM entities WHERE key = ?").get(key) as {
        name: string | null;
        n: number;
      };
      return { name: known.name ?? name, mentions: known.n, relationships, together: mentionedWith(db, key) };
    },
  });
}

function relationshipOf({ id, fact }: MemoryRecord, key: string): Relationship {
  const stated = fact as Fact;
  const isOut = entityKey(stated.subject) === key;
  const other = isOut ? stated.object : stated.subject;
  return { id, direction: isOut ? "out" : "in", type: stated.predicate, other, fact: stated };
}

function mentionedWith(db: Database, key: string): { name: string; kind: string; times: number }[] {
  const sql = `SELECT o.name, o.kind, count(DISTINCT o.memory) AS times FROM entities e
    JOIN entities o ON o.memory = e.memory AND o.key <> e.key WHERE e.key = ?
    GROUP BY o.key ORDER BY times DESC, o.name LIMIT 20`;
  return db.prepare(sql).all(key) as { name: string; kind: string; times: number }[];
}
