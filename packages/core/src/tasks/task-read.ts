import { z } from "zod";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always } from "../kernel/skill.ts";
import { endOfWhen, startOfWhen } from "../memory/extract/when.ts";
import type { Database } from "../ports/database.ts";
import { allTasks, isOver, openBefore, taskOf } from "./documents.ts";
import { type Task, taskStatuses } from "./task.ts";

/** Where a task stands in the owner's day: at work, due, waiting for others or for its day, without a date, over. */
export const taskPlaces = ["now", "overdue", "today", "later", "someday", "waiting", "over"] as const;
export type TaskPlace = (typeof taskPlaces)[number];

export type TaskView = Task & { place: TaskPlace; waitsFor: { id: string; title: string }[] };

const listInput = z.strictObject({
  /** Finished and dropped ones, too. */
  all: z.boolean().optional(),
  status: z.enum(taskStatuses).optional(),
  project: z.string().optional(),
  tag: z.string().optional(),
});

/** Tasks in the order in which they want attention. */
export function listTasksSkill(deps: { timeZone: () => string }) {
  return defineQuery<z.infer<typeof listInput>, { tasks: TaskView[] }>({
    manifest: readManifest(
      "task.list",
      "List your tasks",
      listInput,
      z.strictObject({ tasks: z.array(z.custom<never>()) }),
      { fields: { id: "record", due: "record", created: "record" }, ids: "task", writers: "anyone", private: true },
    ),
    classify: always("read"),
    run({ all, status, project, tag }, { db, now }) {
      const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();
      const tasks = allTasks(db)
        .filter((task) => (status ? task.status === status : all || !isOver(task)))
        .filter((task) => !project || same(task.project, project))
        .filter((task) => !tag || task.tags.some((each) => same(each, tag)))
        .map((task) => viewOf(db, task, now, deps.timeZone()));
      return { tasks: tasks.sort(byAttention) };
    },
  });
}

export function showTaskSkill(deps: { timeZone: () => string }) {
  const input = z.strictObject({ id: z.string() });
  return defineQuery<z.infer<typeof input>, { task: TaskView; before: { id: string; title: string }[] }>({
    manifest: readManifest(
      "task.show",
      "Show one task",
      input,
      z.strictObject({ task: z.custom<never>(), before: z.array(z.custom<never>()) }),
    ),
    classify: always("read"),
    run({ id }, { db, now }) {
      const task = taskOf(db, id);
      const before = allTasks(db).filter(({ after }) => after.includes(task.id));
      return { task: viewOf(db, task, now, deps.timeZone()), before: before.map(({ id, title }) => ({ id, title })) };
    },
  });
}

function viewOf(db: Database, task: Task, now: number, timeZone: string): TaskView {
  const waitsFor = openBefore(db, task).map(({ id, title }) => ({ id, title }));
  return { ...task, waitsFor, place: placeOf(task, waitsFor.length > 0, now, timeZone) };
}

function placeOf(task: Task, isBlocked: boolean, now: number, timeZone: string): TaskPlace {
  if (isOver(task)) return "over";
  const due = task.due === null ? undefined : endOfWhen(task.due, timeZone);
  if (due !== undefined && due <= now) return "overdue";
  if (task.status === "started") return "now";
  const isEarly = task.start !== null && startOfWhen(task.start, timeZone) > now;
  if (isBlocked || isEarly) return "waiting";
  if (due === undefined) return task.start === null ? "someday" : "today";
  return due - now <= dayMs ? "today" : "later";
}

const dayMs = 24 * 3_600_000;

function byAttention(a: TaskView, b: TaskView): number {
  const place = taskPlaces.indexOf(a.place) - taskPlaces.indexOf(b.place);
  const due = (a.due ?? "9999").localeCompare(b.due ?? "9999");
  return place || due || a.id.localeCompare(b.id);
}
