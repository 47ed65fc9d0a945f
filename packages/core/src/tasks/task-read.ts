import { type TaskRecord, type TaskView, taskCount, taskList, taskShow } from "@mh/contract/tasks.ts";
import { defineQuery } from "../kernel/skill.ts";
import type { Database } from "../ports/database.ts";
import { openBefore, taskOf, waitingFor } from "./documents.ts";
import { countTasks, cursorAt, cursorOf, type Day, orderedTasks, type PlacedTask, placing } from "./task-order.ts";

interface Deps {
  timeZone: () => string;
}

/** Tasks in the order in which they want attention, a page at a time where that is asked for. */
export function listTasksSkill(deps: Deps) {
  return defineQuery(taskList, {
    run({ limit, after, ...wanted }, { db, now }) {
      const day = { now, timeZone: deps.timeZone() };
      const page: PlacedTask[] = [];
      let isMore = false;
      for (const each of orderedTasks(db, day, wanted, cursorOf(after))) {
        isMore = page.length === limit;
        if (isMore) break;
        page.push(each);
      }
      const tasks = page.map(({ id }) => viewOf(db, taskOf(db, id), day));
      const last = isMore ? page.at(-1) : undefined;
      return { tasks, next: last ? cursorAt(last) : null };
    },
  });
}

/** How many tasks stand where in the owner's day. */
export function countTasksSkill(deps: Deps) {
  return defineQuery(taskCount, {
    run(_args, { db, now }) {
      return { places: countTasks(db, { now, timeZone: deps.timeZone() }) };
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
