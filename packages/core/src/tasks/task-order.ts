import { Fault } from "@mh/contract/values/fault.ts";
import { type TaskPlace, taskPlaces } from "@mh/contract/values/task-place.ts";
import { endOfWhen, startOfWhen } from "../memory/extract/when.ts";
import { localDay } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { openStatuses } from "./documents.ts";

/** What says where a task stands in the owner's day and among the others: no more is read of tasks that are not shown. */
export interface PlacedTask {
  id: string;
  place: TaskPlace;
  /** By it tasks of one place are ordered: when they are due; for those that are over, when they were closed. */
  key: string;
}

interface SlimTask {
  id: string;
  status: string;
  project: string | null;
  goal: string | null;
  due: string | null;
  start: string | null;
  closed: string | null;
  isBlocked: number;
  tags: string | null;
}

export interface Day {
  now: number;
  timeZone: string;
}

export interface Wanted {
  all?: boolean | undefined;
  status?: string | undefined;
  project?: string | undefined;
  tag?: string | undefined;
  goal?: string | undefined;
}

/** Every task that is wanted, in the order in which they want attention; those that are over last, the latest first. */
export function orderedTasks(db: Database, day: Day, { all, status, project, tag, goal }: Wanted): PlacedTask[] {
  const tags = tag === undefined ? "NULL" : "json_extract(t.record, '$.tags')";
  const which = status ? "t.status = :status" : all ? "true" : `t.status IN (${openStatuses})`;
  const sql = `SELECT t.id, t.status, t.project, t.goal, t.due, t.start, t.closed, ${tags} AS tags, EXISTS (
      SELECT 1 FROM task_waits w JOIN tasks o ON o.id = w.other WHERE w.task = t.id AND o.status IN (${openStatuses})
    ) AS isBlocked FROM tasks t WHERE ${which}`;
  const rows = db.prepare(sql).all(status ? { status } : {}) as SlimTask[];
  const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();
  const placeOf = placing(day);
  return rows
    .filter((task) => !project || same(task.project, project))
    .filter((task) => !goal || same(task.goal, goal))
    .filter((task) => !tag || (JSON.parse(task.tags ?? "[]") as string[]).some((each) => same(each, tag)))
    .map((task) => {
      const place = placeOf(task, task.isBlocked === 1);
      return { id: task.id, place, key: (place === "over" ? task.closed : task.due) ?? noKey };
    })
    .sort(byAttention);
}

const noKey = "9999";

/** After which task a page begins, as the page before said it; undefined is the first page. */
export function cursorOf(text: string | undefined): PlacedTask | undefined {
  if (text === undefined) return undefined;
  const [, place, key = "", id = ""] = /^([a-z]+) (\S*) (\S+)$/.exec(text) ?? [];
  if (taskPlaces.some((each) => each === place)) return { place: place as TaskPlace, key, id };
  throw new Fault("args.invalid", "`after` is the `next` of the page before, as it was given.");
}

export const cursorAt = ({ place, key, id }: PlacedTask): string => `${place} ${key} ${id}`;

export function byAttention(a: PlacedTask, b: PlacedTask): number {
  const place = taskPlaces.indexOf(a.place) - taskPlaces.indexOf(b.place);
  const key = a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  return place || (a.place === "over" ? -key : key) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

type Dated = Pick<SlimTask, "status" | "due" | "start">;

/** Says where tasks stand. Many have the same days: what a day is on the owner's wall is worked out once. */
export function placing({ now, timeZone }: Day): (task: Dated, isBlocked: boolean) => TaskPlace {
  const midnightMs = endOfWhen(localDay(now, timeZone), timeZone);
  const ends = remembered((when) => endOfWhen(when, timeZone));
  const starts = remembered((when) => startOfWhen(when, timeZone));
  return ({ status, due: dueWhen, start }, isBlocked) => {
    if (status === "done" || status === "dropped") return "over";
    const due = dueWhen === null ? undefined : ends(dueWhen);
    if (due !== undefined && due <= now) return "overdue";
    if (status === "started") return "now";
    const isEarly = start !== null && starts(start) > now;
    if (isBlocked || isEarly) return "waiting";
    if (due === undefined) return start === null ? "someday" : "today";
    // A day is over at midnight; what is due at midnight sharp by the clock is another day's.
    return due < midnightMs || (due === midnightMs && !dueWhen?.includes("T")) ? "today" : "later";
  };
}

function remembered(work: (when: string) => number): (when: string) => number {
  const known = new Map<string, number>();
  return (when) => {
    const found = known.get(when) ?? work(when);
    known.set(when, found);
    return found;
  };
}
