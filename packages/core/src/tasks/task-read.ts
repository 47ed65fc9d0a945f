import { type TaskRecord, type TaskView, taskCount, taskList, taskShow } from "@mh/contract/tasks.ts";
import { type TaskPlace, taskPlaces } from "@mh/contract/values/task-place.ts";
import { defineQuery } from "../kernel/skill.ts";
import type { Database } from "../ports/database.ts";
import { openBefore, taskOf, waitingFor } from "./documents.ts";
import { byAttention, cursorAt, cursorOf, type Day, orderedTasks, placing } from "./task-order.ts";

interface Deps {
  timeZone: () => string;
}

/** Tasks in the order in which they want attention, a page at a time where that is asked for. */
export function listTasksSkill(deps: Deps) {
  return defineQuery(taskList, {
    run({ place, limit, after, ...wanted }, { db, now }) {
      const day = { now, timeZone: deps.timeZone() };
      const from = cursorOf(after);
      const ordered = orderedTasks(db, day, { ...wanted, all: wanted.all || place === "over" })
        .filter((each) => place === undefined || each.place === place)
        .filter((each) => from === undefined || byAttention(each, from) > 0);
      const page = ordered.slice(0, limit);
      const tasks = page.map(({ id }) => viewOf(db, taskOf(db, id), day));
      const last = page.length < ordered.length ? page.at(-1) : undefined;
      return { tasks, next: last ? cursorAt(last) : null };
    },
  });
}

/** How many tasks stand where in the owner's day. */
export function countTasksSkill(deps: Deps) {
  return defineQuery(taskCount, {
    run(_args, { db, now }) {
      const places = Object.fromEntries(taskPlaces.map((place) => [place, 0])) as Record<TaskPlace, number>;
      for (const { place } of orderedTasks(db, { now, timeZone: deps.timeZone() }, { all: true })) places[place] += 1;
      return { places };
    },
  });
}

export function showTaskSkill(deps: Deps) {
  return defineQuery(taskShow, {
    run({ id }, { db, now }) {
      const task = taskOf(db, id);
      return { task: viewOf(db, task, { now, timeZone: deps.timeZone() }), before: waitingFor(db, task.id) };
    },
  });
}

function viewOf(db: Database, task: TaskRecord, day: Day): TaskView {
  const waitsFor = openBefore(db, task);
  return { ...task, waitsFor, place: placing(day)(task, waitsFor.length > 0) };
}
