import type { TaskRecord } from "@mh/contract/tasks.ts";
import { originsOf } from "../documents/authors.ts";
import { type DocumentKind, idOfPath } from "../documents/document.ts";
import { invalid, readMarkdown } from "../documents/markdown.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
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
      const { id, title, status, project, due, start } = task;
      db.prepare("DELETE FROM tasks WHERE path = ?").run(path);
      db.prepare("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?)").run(
        ...[id, path, title, status, project, due, start, JSON.stringify(task)],
      );
    },
    drop: (db, path) => void db.prepare("DELETE FROM tasks WHERE path = ?").run(path),
  };
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

export function allTasks(db: Database): TaskRecord[] {
  return (db.prepare("SELECT record FROM tasks").all() as { record: string }[]).map(({ record }) => JSON.parse(record));
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

export const isOver = ({ status }: TaskRecord): boolean => status === "done" || status === "dropped";

/** The tasks that must be over before this one and are not. */
export function openBefore(db: Database, task: TaskRecord): TaskRecord[] {
  const all = new Map(allTasks(db).map((each) => [each.id, each]));
  return task.after.flatMap((id) => all.get(id) ?? []).filter((each) => !isOver(each));
}
