import type { Action, Condition, Standing } from "@mh/contract/standing.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { standingTag } from "@mh/contract/values/standing-tag.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { instantOf } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { spokenOf } from "./parse.ts";

export const pausedTag = "paused";

/** A standing intent as its note says it. */
export interface Kept {
  id: string;
  path: string;
  text: string;
  condition: Condition | null;
  action: Action | null;
  status: Exclude<Standing["status"], "over">;
  createdMs: number;
  /** From when on what comes counts: since it was given, or goes on. */
  sinceMs: number;
}

interface Row {
  id: string;
  path: string;
  record: string;
  resumedMs: number | null;
}

const noted = `memories WHERE kind = 'procedural'
  AND EXISTS (SELECT 1 FROM json_each(record, '$.tags') WHERE value = '${standingTag}')`;

const columns = `id, file AS path, record,
  (SELECT ms FROM standing_resumed WHERE standing = memories.id) AS "resumedMs"`;

/** All of them, the earliest first. */
export function keptIn(db: Database): Kept[] {
  const sql = `SELECT ${columns} FROM ${noted} ORDER BY at_ms, id`;
  return (db.prepare(sql).all() as Row[]).map(keptOf);
}

const standing: Named = {
  from: `(SELECT id FROM ${noted})`,
  ...{ column: "id", code: "memory.not-found", one: "standing intent", many: "standing intents", list: "mh when" },
};

/** One by its id. Throws `memory.not-found`. */
export function keptOne(db: Database, id: string): Kept {
  const sql = `SELECT ${columns} FROM memories WHERE id = ?`;
  return keptOf(db.prepare(sql).get(idNamed(db, standing, id)) as Row);
}

function keptOf({ id, path, record, resumedMs }: Row): Kept {
  const { content, at, tags, origins } = JSON.parse(record) as MemoryRecord;
  const text = content.trim();
  const spoken = spokenOf(text);
  // Nobody's words but the owner's do anything by themselves, nor does what stands there by hand and was not reviewed.
  const isOwners = origins.length > 0 && origins.every((origin) => origin === "owner");
  const status = !isOwners ? "waits" : !spoken ? "unclear" : tags.includes(pausedTag) ? "paused" : "on";
  const { condition = null, action = null } = spoken ?? {};
  const createdMs = Date.parse(at);
  return {
    ...{ id, path, text, condition, action, status },
    ...{ createdMs, sinceMs: Math.max(createdMs, resumedMs ?? createdMs) },
  };
}

/** One that is on, and says what it waits for. */
export type Active = Kept & { condition: Condition; action: Action };

/** Of one that was stated by a clock that was ahead nobody knows since when it counts: then it is what came in the last week. */
export const activeIn = (db: Database, now: number): Active[] =>
  keptIn(db)
    .filter((each): each is Active => each.status === "on")
    .map((each) => ({ ...each, sinceMs: each.sinceMs > now ? now - missedMsMax : each.sinceMs }));

/** What came while nobody looked is told once, and a week later no more. */
export const missedMsMax = 7 * 24 * 3_600_000;

/** When its only time comes; undefined for all that wait for something else. */
export const onlyTime = (condition: Condition | null, timeZone: string): number | undefined =>
  condition?.type === "time" ? instantAt(condition.at, timeZone) : undefined;

function instantAt(at: string, timeZone: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = at.split(/[-T:]/).map(Number);
  return instantOf({ year, month: month - 1, day, hour, minute }, timeZone);
}
