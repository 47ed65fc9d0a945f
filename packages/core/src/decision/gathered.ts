import type { TaskRecord } from "@mh/contract/tasks.ts";
import type { EventTime, MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Candidate } from "../persona/bearing.ts";
import type { Database } from "../ports/database.ts";
import { openStatuses } from "../tasks/documents.ts";
import { noKey } from "../tasks/task-table.ts";
import { clashesWith } from "./clashes.ts";

/** An event at the time that the situation names bears on it as much as a name that it names. */
const atThatTime = 1;
const tasksMost = 500;

/** What is to be done and what stands in the calendar: shown with a decision, beside what it counts for its options. */
export const gathered = (db: Database, times: readonly EventTime[]): Candidate[] => [
  ...openTasks(db).map(({ id, title, due }): Candidate => {
    const text = due === null ? title : `${title} (due ${due})`;
    return { kind: "task", text, source: `task:${id}` };
  }),
  ...clashesWith(db, times).map(({ id }): Candidate => {
    const row = db.prepare("SELECT record FROM memories WHERE id = ?").get(id) as { record: string };
    const { content } = JSON.parse(row.record) as MemoryRecord;
    const [text = ""] = content.split("\n", 1);
    return { kind: "event", text, source: `memory:${id}`, also: { score: atThatTime, why: "it is at that time" } };
  }),
];

/** The tasks that are not over, those that are due first. */
export function openTasks(db: Database): TaskRecord[] {
  const sql = `SELECT record FROM tasks WHERE status IN (${openStatuses}) ORDER BY coalesce(due, '${noKey}'), id LIMIT ${tasksMost}`;
  const rows = db.prepare(sql).all() as { record: string }[];
  return rows.map(({ record }) => JSON.parse(record));
}
