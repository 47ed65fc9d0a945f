import type { StandingFact } from "@mh/contract/facts.ts";
import { type MemoryStats, type Moment, memoryStats, memoryTimeline } from "@mh/contract/memory-look.ts";
import { type Relationship, relationshipShow } from "@mh/contract/relationships.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { factsWith } from "../../facts/facts.ts";
import { withStanding } from "../../facts/list.ts";
import { keysOf, nameMeant } from "../../facts/names-of.ts";
import type { FeatureParts } from "../../feature.ts";
import { defineQuery } from "../../kernel/skill.ts";
import { localDay } from "../../model/wall-clock.ts";
import type { Database } from "../../ports/database.ts";
import { entityKey } from "../project.ts";
import { pointOf, pointsAlong } from "../timeline.ts";

/** Memories along time, by when they were told and when what they tell of happens. */
export function timelineSkill() {
  return defineQuery(memoryTimeline, {
    run({ from, to, about, kinds = ["episodic"], limit, forward, after }, { db }) {
      const stretch = {
        from: from ? Date.parse(from) : Number.MIN_SAFE_INTEGER,
        to: to ? Date.parse(to) : Number.MAX_SAFE_INTEGER,
        ...(about !== undefined && { about: entityKey(about) }),
      };
      const points = pointsAlong(db, stretch, { kinds, limit, forward: forward ?? false, after: pointOf(after) });
      const page = points.slice(0, limit);
      const record = db.prepare("SELECT record FROM memories WHERE id = ?");
      const moments = page.map(({ ms, id, happens }) => ({
        at: new Date(ms).toISOString(),
        why: happens ? ("happens" as const) : ("told" as const),
        memory: JSON.parse((record.get(id) as { record: string }).record) as MemoryRecord,
      }));
      const last = points.length > limit ? page.at(-1) : undefined;
      const next = last ? `${last.ms} ${last.id} ${last.happens}` : null;
      return { moments: oncePerDay(moments), more: last !== undefined, next };
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
        tasks: grouped("SELECT status AS key, sum(tasks) AS n FROM task_tally GROUP BY status"),
        people: count("SELECT count(*) AS n FROM people"),
        facts: count("SELECT count(*) AS n FROM facts WHERE status <> 'revoked'"),
        forgotten: count("SELECT count(*) AS n FROM tombstones"),
        retracted: count("SELECT count(*) AS n FROM retractions"),
        lines: count("SELECT (SELECT count(*) FROM lines) + (SELECT count(*) FROM tombstones) AS n"),
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
export function showRelationshipsSkill({ config, timeZone }: Pick<FeatureParts, "config" | "timeZone">) {
  return defineQuery(relationshipShow, {
    run({ name }, { db, now }) {
      const meant = nameMeant(db, name, config().owner);
      const [key = "", ...aliases] = keysOf(db, meant, config().owner);
      const keys = [key, ...aliases];
      const facts = withStanding(db, factsWith(db, keys), localDay(now, timeZone()));
      const relationships = facts.map((each) => relationshipOf(each, keys));
      const known = db.prepare("SELECT name, count(*) AS n FROM entities WHERE key = ?").get(key) as {
        name: string | null;
        n: number;
      };
      return { name: known.name ?? meant, mentions: known.n, relationships, together: mentionedWith(db, key) };
    },
  });
}

export function relationshipOf(
  { id, fact, standing, until, against }: StandingFact,
  keys: readonly string[],
): Relationship {
  const isOut = keys.includes(entityKey(fact.subject));
  const other = isOut ? fact.object : fact.subject;
  return { id, direction: isOut ? "out" : "in", type: fact.predicate, other, fact, standing, until, against };
}

export function mentionedWith(db: Database, key: string): { name: string; kind: string; times: number }[] {
  const sql = `SELECT o.name, o.kind, count(DISTINCT o.memory) AS times FROM entities e
    JOIN entities o ON o.memory = e.memory AND o.key <> e.key WHERE e.key = ?
    GROUP BY o.key ORDER BY times DESC, o.name LIMIT 20`;
  return db.prepare(sql).all(key) as { name: string; kind: string; times: number }[];
}
