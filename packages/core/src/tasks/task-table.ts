import type { TableSet } from "../kernel/tables.ts";
import { openStatuses } from "./documents.ts";

/** What tasks of one place are ordered by; those without a date come after those with one. */
export const noKey = "9999";
export const dueKey = `coalesce(t.due, '${noKey}')`;
export const closedKey = `coalesce(t.closed, '${noKey}')`;
export const overStatuses = "'done', 'dropped'";

const ofColumn = (key: string): string => key.replace("t.", "");

/** Where in `task_tally` a task is counted: by its days alone, and where it is over by none. */
const tallied = (row: "new" | "old"): string => {
  const day = (column: string) =>
    `iif(${row}.status IN (${openStatuses}), coalesce(substr(${row}.${column}, 1, 10), ''), '')`;
  return `${day("start")}, ${row}.status, ${day("due")}`;
};

/**
 * The tasks as their files say them; filled when a file is read or written. `task_waits` says which other tasks one waits
 * for, so that neither a list nor a single task reads all of them. `task_tally` holds how many there are of each status and
 * each day; triggers keep it.
 */
export const taskTables: TableSet = {
  name: "tasks",
  version: 6,
  schema: `
CREATE TABLE tasks (
  id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, status TEXT NOT NULL, project TEXT,
  due TEXT, start TEXT, closed TEXT, title_key TEXT NOT NULL, record TEXT NOT NULL,
  goal TEXT
);
CREATE INDEX tasks_goal ON tasks (goal) WHERE goal IS NOT NULL;
CREATE INDEX tasks_title ON tasks (title_key);
CREATE INDEX tasks_open ON tasks (${ofColumn(dueKey)}, id) WHERE status IN (${openStatuses});
CREATE INDEX tasks_started ON tasks (${ofColumn(dueKey)}, id) WHERE status = 'started';
CREATE INDEX tasks_beginning ON tasks (${ofColumn(dueKey)}, id) WHERE start IS NOT NULL AND status IN (${openStatuses});
CREATE INDEX tasks_over ON tasks (${ofColumn(closedKey)} DESC, id) WHERE status IN (${overStatuses});
CREATE INDEX tasks_starting ON tasks (start) WHERE start IS NOT NULL AND status IN (${openStatuses});
CREATE TABLE task_tally (
  start TEXT NOT NULL, status TEXT NOT NULL, due TEXT NOT NULL, tasks INTEGER NOT NULL, PRIMARY KEY (start, status, due)
) WITHOUT ROWID;
CREATE TRIGGER task_added AFTER INSERT ON tasks BEGIN
  INSERT INTO task_tally VALUES (${tallied("new")}, 1) ON CONFLICT DO UPDATE SET tasks = tasks + 1;
END;
CREATE TRIGGER task_dropped AFTER DELETE ON tasks BEGIN
  UPDATE task_tally SET tasks = tasks - 1 WHERE (start, status, due) = (${tallied("old")});
  DELETE FROM task_tally WHERE (start, status, due) = (${tallied("old")}) AND tasks = 0;
END;
CREATE TABLE task_waits (task TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (task, other)) WITHOUT ROWID;
CREATE INDEX task_waits_other ON task_waits (other);`,
  folds: {},
  gives: { tasks: "nothing", task_tally: "nothing", task_waits: "nothing" },
};
