import type { ArgsOf } from "@mh/contract/contract.ts";
import { standingMatch } from "@mh/contract/standing.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { cronSlots, nextCronSlot } from "../agents/scheduler/cron.ts";
import { isOwnWords } from "../facts/spot.ts";
import { defineOwn } from "../kernel/skill.ts";
import { isFromCalendarSql } from "../memory/calendar-source.ts";
import { memoryRow } from "../memory/project.ts";
import type { Database } from "../ports/database.ts";
import { isOpen, tasksTitled } from "../tasks/documents.ts";
import { type TaskDeps, writeTask } from "../tasks/task-write.ts";
import { type Active, activeIn, missedMsMax, onlyTime } from "./notes.ts";
import { hasWords, wordsIn } from "./people.ts";
import { hasMatched, lookedUpTo, type Matched, onlyKey } from "./standing-table.ts";

type Came = Pick<ArgsOf<typeof standingMatch>, "memories" | "tasks" | "mails">;

/** What times are judged by. */
interface Moment {
  now: number;
  timeZone: string;
}

/**
 * Matches what came, in one commit with how far was looked: after a crash it was matched, or it is looked at again. What
 * matched once does not match again. A task is written with it; the owner is told afterwards.
 */
export function matchSkill(deps: Pick<TaskDeps, "kinds" | "crypto" | "timeZone">) {
  return defineOwn(standingMatch, {
    stored: "kept",
    apply({ until, mail, ...came }, context) {
      const { tx, commandId, principal, now } = context;
      const moment = { now, timeZone: deps.timeZone() };
      const active = activeIn(tx.db, now);
      const matches = active.flatMap((each) => {
        const found = matchesIn(tx.db, each, came, moment).filter(({ key }) => !hasMatched(tx.db, each.id, key));
        const unique = [...new Map(found.map((match) => [match.key, match])).values()];
        if (unique.length > 0 && each.action.type === "task" && !isOpenTask(tx.db, each.action.text)) {
          // The owner's own words, whatever made it match.
          writeTask(deps, { tx, commandId, origins: ["owner"] }, each.action.text, {});
        }
        return unique;
      });
      tx.append({ phase: "matched", id: commandId, principal, body: { what: "matches", until, mail, matches } });
      return { matched: matches.length };
    },
  });
}

const isOpenTask = (db: Database, title: string): boolean =>
  tasksTitled(db, title).some(({ status }) => isOpen(status));

function matchesIn(db: Database, standing: Active, came: Came, moment: Moment): Matched[] {
  const { id, condition, sinceMs } = standing;
  const { type } = condition;
  const isSince = ({ at }: { at: string }) => Date.parse(at) >= sinceMs;
  const match = (key: string, subject: string | null = null): Matched => ({ standing: id, key, type, subject });
  switch (type) {
    case "mail":
      return came.mails.filter((each) => each.standing === id).map(({ key }) => match(key));
    case "memory":
      return came.memories
        .filter((memory) => isSince(memory) && memory.id !== id && isNoted(db, memory.id, condition.about))
        .map((memory) => match(`memory:${memory.id}`, `memory:${memory.id}`));
    case "task":
      return came.tasks
        .filter((task) => isSince(task) && hasWords(titleOf(db, task.id), wordsIn(condition.title)))
        .map((task) => match(`task:${task.id}`, `task:${task.id}`));
    case "event":
      return eventsSoon(db, condition, moment)
        .filter(({ fromMs }) => fromMs > sinceMs)
        .map((event) => match(`event:${event.id}:${event.fromMs}`, `memory:${event.id}`));
    case "time":
      return isOnlyTimeUp(standing, moment) ? [match(onlyKey(condition))] : [];
    case "times": {
      const last = [...cronSlots(condition.cron, moment.timeZone, sinceOf(db, standing, moment), moment.now)].at(-1);
      return last ? [match(`time:${last.slot}`)] : [];
    }
  }
}

/** One that passed before it went on does not ring any more. */
function isOnlyTimeUp({ condition, sinceMs }: Active, { now, timeZone }: Moment): boolean {
  const at = onlyTime(condition, timeZone);
  return at !== undefined && at > sinceMs && at <= now;
}

/**
 * From when on times count. A look by a clock that was ahead says nothing of times that come now; what matched then does not
 * match again.
 */
function sinceOf(db: Database, { sinceMs }: Active, { now }: Moment): number {
  const lookedMs = lookedUpTo(db)?.ms ?? 0;
  return Math.max(sinceMs, lookedMs > now ? 0 : lookedMs, now - missedMsMax);
}

function isNoted(db: Database, id: string, about: string): boolean {
  const row = memoryRow(db, id);
  if (!row) return false;
  const record = JSON.parse(row.record) as MemoryRecord;
  return isOwnWords(record) && hasWords(record.content, wordsIn(about));
}

function titleOf(db: Database, task: string): string {
  const row = db.prepare("SELECT title FROM tasks WHERE id = ?").get(task) as { title: string } | undefined;
  return row?.title ?? "";
}

interface Soon {
  id: string;
  fromMs: number;
}

/** Events of the owner's calendars that begin within so many minutes, and have the words. */
function eventsSoon(
  db: Database,
  { who, minutes }: { who: string; minutes: number },
  { now }: Pick<Moment, "now">,
): Soon[] {
  const sql = `SELECT m.id, t.from_ms AS "fromMs", m.record FROM event_times t JOIN memories m ON m.rowid = t.memory
    WHERE t.from_ms > ? AND t.from_ms <= ? AND ${isFromCalendarSql("m.source")} ORDER BY t.from_ms, m.id LIMIT 200`;
  const rows = db.prepare(sql).all(now, now + minutes * 60_000) as (Soon & { record: string })[];
  const words = wordsIn(who);
  return rows.filter(({ record }) => hasWords((JSON.parse(record) as MemoryRecord).content, words));
}

/** Whether a clock or a calendar says that one of them matches by now; what comes otherwise is announced on the bus. */
export function isTimeUp(db: Database, active: readonly Active[], moment: Moment): boolean {
  return active.some((each) => {
    const { condition, id } = each;
    switch (condition.type) {
      case "time":
        return isOnlyTimeUp(each, moment) && !hasMatched(db, id, onlyKey(condition));
      case "times":
        return (
          (nextCronSlot(condition.cron, moment.timeZone, sinceOf(db, each, moment))?.atMs ?? moment.now + 1) <=
          moment.now
        );
      case "event":
        return eventsSoon(db, condition, moment).some(
          (event) => !hasMatched(db, id, `event:${event.id}:${event.fromMs}`),
        );
      default:
        return false;
    }
  });
}
