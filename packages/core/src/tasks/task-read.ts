import { type TaskPlace, type TaskRecord, type TaskView, taskList, taskPlaces, taskShow } from "@mh/contract/tasks.ts";
import { defineQuery } from "../kernel/skill.ts";
import { endOfWhen, startOfWhen } from "../memory/extract/when.ts";
import type { Database } from "../ports/database.ts";
import { allTasks, isOver, openBefore, taskOf } from "./documents.ts";

/** Tasks in the order in which they want attention. */
export function listTasksSkill(deps: { timeZone: () => string }) {
  return defineQuery(taskList, {
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
  return defineQuery(taskShow, {
    run({ id }, { db, now }) {
      const task = taskOf(db, id);
      const before = allTasks(db).filter(({ after }) => after.includes(task.id));
      return { task: viewOf(db, task, now, deps.timeZone()), before: before.map(({ id, title }) => ({ id, title })) };
    },
  });
}

function viewOf(db: Database, task: TaskRecord, now: number, timeZone: string): TaskView {
  const waitsFor = openBefore(db, task).map(({ id, title }) => ({ id, title }));
  return { ...task, waitsFor, place: placeOf(task, waitsFor.length > 0, now, timeZone) };
}

function placeOf(task: TaskRecord, isBlocked: boolean, now: number, timeZone: string): TaskPlace {
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
