import type { TableSet } from "../kernel/tables.ts";

/**
 * The tasks as their files say them; filled when a file is read or written. `task_waits` says which other tasks one waits
 * for, so that neither a list nor a single task reads all of them.
 */
export const taskTables: TableSet = {
  name: "tasks",
  version: 4,
  schema: `
CREATE TABLE tasks (
  id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, status TEXT NOT NULL, project TEXT,
  due TEXT, start TEXT, closed TEXT, title_key TEXT NOT NULL, record TEXT NOT NULL,
  goal TEXT
);
CREATE INDEX tasks_goal ON tasks (goal) WHERE goal IS NOT NULL;
CREATE INDEX tasks_title ON tasks (title_key);
CREATE TABLE task_waits (task TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (task, other)) WITHOUT ROWID;
CREATE INDEX task_waits_other ON task_waits (other);`,
  folds: {},
  gives: { tasks: "nothing", task_waits: "nothing" },
};
