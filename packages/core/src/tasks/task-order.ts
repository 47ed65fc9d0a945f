import type { TaskStatus } from "@mh/contract/tasks.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type TaskPlace, taskPlaces } from "@mh/contract/values/task-place.ts";
import { endOfWhen, startOfWhen } from "../memory/extract/when.ts";
import { localDay } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { isOpen, openStatuses } from "./documents.ts";
import { closedKey, dueKey, noKey, overStatuses } from "./task-table.ts";

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
  isBlocked: number;
  key: string;
  tags: string | null;
}

export interface Day {
  now: number;
  timeZone: string;
}

export interface Wanted {
  all?: boolean | undefined;
  status?: TaskStatus | undefined;
  project?: string | undefined;
  tag?: string | undefined;
  goal?: string | undefined;
  place?: TaskPlace | undefined;
}

/**
 * Every task that is wanted, in the order in which they want attention, those that are over last, the latest first: one at a
 * time, read from its place in an index. `after`: from the one that follows it.
 */
export function* orderedTasks(db: Database, day: Day, wanted: Wanted, after?: PlacedTask): Generator<PlacedTask> {
  const { status, project, tag, goal } = wanted;
  const placeOf = placing(day);
  const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();
  const isWanted = (task: SlimTask) =>
    (!status || task.status === status) &&
    (!project || same(task.project, project)) &&
    (!goal || same(task.goal, goal)) &&
    (!tag || (JSON.parse(task.tags ?? "[]") as string[]).some((each) => same(each, tag)));
  const isPast = (place: TaskPlace) => after && taskPlaces.indexOf(place) < taskPlaces.indexOf(after.place);
  for (const place of placesOf(wanted).filter((each) => !isPast(each))) {
    for (const sql of stretchesSql(place, { isAfter: place === after?.place, withTags: tag !== undefined })) {
      const named = { ...boundsOf(day), key: after?.key, id: after?.id };
      const params = Object.fromEntries(Object.entries(named).filter(([name]) => sql.includes(`:${name}`)));
      for (const task of db.prepare(sql).iterate(params) as IterableIterator<SlimTask>)
        if (placeOf(task, task.isBlocked === 1) === place && isWanted(task))
          yield { id: task.id, place, key: task.key };
    }
  }
}

function placesOf({ all, status, place }: Wanted): readonly TaskPlace[] {
  if (place) return [place];
  if (status) return isOpen(status) ? openPlaces : ["over"];
  return all ? taskPlaces : openPlaces;
}

const openPlaces = taskPlaces.filter((place) => place !== "over");

/** Days on the wall that are surely before today and surely after it: what lies between is placed by the clock. */
const boundsOf = (day: Day): { before: string; beyond: string } => ({
  before: dayFrom(day, -2),
  beyond: dayFrom(day, 2),
});

const dayFrom = ({ now, timeZone }: Day, days: number): string => localDay(now + days * 24 * 3_600_000, timeZone);

/**
 * Where in an index the tasks of a place lie, in its order and among few others. Each is read only once those before it are
 * through.
 */
export function stretchesSql(
  place: TaskPlace,
  { isAfter, withTags }: { isAfter: boolean; withTags: boolean },
): string[] {
  const key = place === "over" ? closedKey : dueKey;
  const columns = `t.id, t.status, t.project, t.goal, t.due, t.start, ${key} AS key, ${
    withTags ? "json_extract(t.record, '$.tags')" : "NULL"
  } AS tags, ${isBlocked} AS isBlocked`;
  const isOver = place === "over";
  const inOrder = (where: string) => `${where} ORDER BY ${key}${isOver ? " DESC" : ""}, t.id`;
  const beyond = [
    (where: string) => `${where} AND ${key} = :key AND t.id > :id ORDER BY t.id`,
    (where: string) => inOrder(`${where} AND ${key} ${isOver ? "<" : ">"} :key`),
  ];
  return stretches[place].flatMap((where) =>
    (isAfter ? beyond : [inOrder]).map((from) => `SELECT ${columns} FROM tasks t WHERE ${from(where)}`),
  );
}

const isBlocked = `EXISTS (
  SELECT 1 FROM task_waits w JOIN tasks o ON o.id = w.other WHERE w.task = t.id AND o.status IN (${openStatuses}))`;
const isUndated = `${dueKey} BETWEEN '${noKey}' AND '${noKey}'`;
const isOpenSql = `t.status IN (${openStatuses})`;

const stretches: Record<TaskPlace, string[]> = {
  now: ["t.status = 'started'"],
  overdue: [`${isOpenSql} AND ${dueKey} < :beyond`],
  today: [
    `${isOpenSql} AND ${dueKey} > :before AND ${dueKey} < :beyond`,
    `${isOpenSql} AND t.start IS NOT NULL AND ${isUndated}`,
  ],
  later: [`${isOpenSql} AND ${dueKey} > :before AND ${dueKey} < '${noKey}'`, `${isOpenSql} AND ${dueKey} > '${noKey}'`],
  someday: [`${isOpenSql} AND ${isUndated}`],
  waiting: [`${isOpenSql} AND (t.start IS NOT NULL OR t.id IN (SELECT task FROM task_waits))`],
  over: [`t.status IN (${overStatuses})`],
};

/**
 * How many tasks stand where. Those of the same days are counted already; by the clock only those are placed that are due or start
 * about now, and those that wait for others are moved from where they would stand.
 */
export function countTasks(db: Database, day: Day): Record<TaskPlace, number> {
  const places = Object.fromEntries(taskPlaces.map((place) => [place, 0])) as Record<TaskPlace, number>;
  const placeOf = placing(day);
  const bounds = { first: dayFrom(day, -1), beyond: dayFrom(day, 2) };
  const counted = [countSql.tallied, countSql.near].flatMap((sql) => db.prepare(sql).all(bounds) as Counted[]);
  for (const { tasks, ...each } of counted) places[placeOf(each, false)] += tasks;
  for (const { tasks, ...each } of db.prepare(countSql.blocked).all() as Counted[]) {
    places[placeOf(each, false)] -= tasks;
    places[placeOf(each, true)] += tasks;
  }
  return places;
}

type Counted = Dated & { tasks: number };

const isNear = (column: string) => `${column} >= :first AND ${column} < :beyond`;

/** Where a day is none, or surely before today, or surely after it. */
const away = (column: string) => [`${column} = ''`, `${column} > '' AND ${column} < :first`, `${column} >= :beyond`];

/** One day stands for all that lie alike. */
const tallySql = (where: string) => `
  SELECT status, nullif(max(due), '') AS due, nullif(max(start), '') AS start, sum(tasks) AS tasks FROM task_tally
  WHERE ${where} GROUP BY status`;

export const countSql = {
  tallied: away("start")
    .flatMap((start) => away("due").map((due) => tallySql(`${start} AND ${due}`)))
    .join(" UNION ALL "),
  near: `
    SELECT status, due, start, 1 AS tasks FROM tasks t WHERE ${isOpenSql} AND ${isNear(dueKey)}
    UNION ALL
    SELECT status, due, start, 1 AS tasks FROM tasks t WHERE ${isOpenSql} AND ${isNear("start")} AND NOT (${isNear(dueKey)})`,
  blocked: `
    SELECT t.status, t.due, t.start, 1 AS tasks FROM task_waits w
    CROSS JOIN tasks o ON o.id = w.other AND o.status IN (${openStatuses}) CROSS JOIN tasks t ON t.id = w.task AND ${isOpenSql}
    GROUP BY w.task`,
};

/** After which task a page begins, as the page before said it; undefined is the first page. */
export function cursorOf(text: string | undefined): PlacedTask | undefined {
  if (text === undefined) return undefined;
  const [, place, key = "", id = ""] = /^([a-z]+) (\S*) (\S+)$/.exec(text) ?? [];
  if (taskPlaces.some((each) => each === place)) return { place: place as TaskPlace, key, id };
  throw new Fault("args.invalid", "`after` is the `next` of the page before, as it was given.");
}

export const cursorAt = ({ place, key, id }: PlacedTask): string => `${place} ${key} ${id}`;

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
