import type { TaskBrief, TaskRecord, TaskStatus } from "@mh/contract/tasks.ts";
import { originsOf } from "../documents/authors.ts";
import { type DocumentKind, idOfPath } from "../documents/document.ts";
import { invalid, readMarkdown } from "../documents/markdown.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { entityKey } from "../memory/project.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { taskFrontSchema } from "./task.ts";

export const taskFolder = "memory/tasks";

/** One Markdown file a task. */
export function taskDocuments(crypto: Crypto): DocumentKind {
  return {
    where: taskFolder,
    owns: (path) => path.startsWith(`${taskFolder}/`) && path.endsWith(".md"),
    check: (path, text) => void readTask(crypto, path, text),
    idOf: (path, text) => readTask(crypto, path, text).id,
    project(db, path, text, _changedAt, byHand) {
      const task = readTask(crypto, path, text, byHand);
      const other = db.prepare("SELECT path FROM tasks WHERE id = ? AND path <> ?").get(task.id, path);
      if (other) throw invalid(path, 1, `${(other as { path: string }).path} has the same id`);
      const { id, title, status, project, due, start, closed } = task;
      dropTask(db, path);
      db.prepare("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
        ...[id, path, title, status, project, due, start, closed, entityKey(title), JSON.stringify(task), task.goal],
      );
      const wait = db.prepare("INSERT OR IGNORE INTO task_waits VALUES (?, ?)");
      for (const other of task.after) wait.run(id, other);
    },
    drop: dropTask,
  };
}

function dropTask(db: Database, path: string): void {
  db.prepare("DELETE FROM task_waits WHERE task IN (SELECT id FROM tasks WHERE path = ?)").run(path);
  db.prepare("DELETE FROM tasks WHERE path = ?").run(path);
}

/** What a task's file says. Throws `document.invalid` with the line. `byHand`: what it says of its author vouches for nobody. */
export function readTask(crypto: Crypto, path: string, text: string, byHand = false): TaskRecord {
  const { front, body } = readMarkdown(path, text, taskFrontSchema);
  const name = path.slice(path.lastIndexOf("/") + 1, -".md".length);
  return {
    id: front.id ?? idOfPath(crypto.sha256Hex, path),
    path,
    title: front.title ?? name.replaceAll("-", " "),
    status: front.status,
    project: front.project ?? null,
    goal: front.goal?.toLowerCase() ?? null,
    due: front.due ?? null,
    start: front.start ?? null,
    after: front.after ?? [],
    tags: front.tags ?? [],
    created: front.created ?? null,
    closed: front.closed ?? null,
    notes: body,
    origins: originsOf(path, front.by, byHand),
  };
}

const tasks: Named = {
  from: "tasks",
  column: "id",
  code: "task.not-found",
  one: "task",
  many: "tasks",
  list: "mh task list --all",
};

/** A task by its id, or by a beginning or an end of one that fits exactly one. */
export function taskOf(db: Database, id: string): TaskRecord {
  const row = db.prepare("SELECT record FROM tasks WHERE id = ?").get(idNamed(db, tasks, id)) as { record: string };
  return JSON.parse(row.record) as TaskRecord;
}

/** The tasks of that title, whatever became of them; those that are open first. */
export function tasksTitled(db: Database, title: string): Pick<TaskRecord, "id" | "status" | "due">[] {
  const sql = `SELECT id, status, due FROM tasks WHERE title_key = ? ORDER BY status IN (${openStatuses}) DESC, id`;
  return db.prepare(sql).all(entityKey(title)) as TaskRecord[];
}

/** The tasks that must be over before this one and are not. */
export function openBefore(db: Database, { id }: Pick<TaskRecord, "id">): Other[] {
  const sql = `SELECT o.id, o.title FROM task_waits w JOIN tasks o ON o.id = w.other
    WHERE w.task = ? AND o.status IN (${openStatuses}) ORDER BY o.id`;
  return db.prepare(sql).all(id) as Other[];
}

/** The tasks that wait for this one. */
export function waitingFor(db: Database, id: string): Other[] {
  const sql = "SELECT t.id, t.title FROM task_waits w JOIN tasks t ON t.id = w.task WHERE w.other = ? ORDER BY t.id";
  return db.prepare(sql).all(id) as Other[];
}

/** Ids of the tasks that a task names as its `after`. */
export function namedBefore(db: Database, id: string): string[] {
  const rows = db.prepare("SELECT other FROM task_waits WHERE task = ?").all(id) as { other: string }[];
  return rows.map(({ other }) => other);
}

interface Other {
  id: string;
  title: string;
}

/** What a list says of a task. */
export const briefOf = ({ id, title, status, project, due, start, path }: TaskRecord): TaskBrief => ({
  ...{ id, title, status, project, due, start, path },
});

export const isOpen = (status: TaskStatus): boolean => status === "open" || status === "started";

/** As SQL lists them. */
export const openStatuses = "'open', 'started'";
