import type { TableSet } from "../kernel/tables.ts";

/** The tasks as their files say them; filled when a file is read or written. */
export const taskTables: TableSet = {
  name: "tasks",
  version: 1,
  schema: `
CREATE TABLE tasks (
  id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, status TEXT NOT NULL, project TEXT,
  due TEXT, start TEXT, record TEXT NOT NULL
);`,
  folds: {},
  gives: { tasks: "nothing" },
};
