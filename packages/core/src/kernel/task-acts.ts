import { type Effect, isReading } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { idEnd, idLike, shortIdCharsMin } from "../model/short-id.ts";
import type { Database } from "../ports/database.ts";
import type { CommandRow } from "./state.ts";

/** As long as ids are: what is shorter may be the short form of one. */
const idChars = 36;

/** What was begun for a task and did more than read: what the undo of the whole task has to look at. */
export const taskActsSchema = `
CREATE TABLE task_acts (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, task TEXT NOT NULL, effect TEXT NOT NULL, ms INTEGER NOT NULL
);
CREATE INDEX task_acts_task ON task_acts (task);
CREATE INDEX task_acts_end ON task_acts (${idEnd("id")});
`;

export function foldTaskAct(db: Database, { id, task, request }: Entry, now: number): void {
  const effect = request?.[0]?.effect;
  if (task === undefined || effect === undefined || isReading(effect)) return;
  db.prepare("INSERT OR IGNORE INTO task_acts (id, task, effect, ms) VALUES (?, ?, ?, ?)").run(id, task, effect, now);
}

export interface TaskAct {
  id: string;
  task: string;
  effect: Effect;
  ms: number;
  principal: Principal;
  skill: string;
  status: CommandRow["status"];
}

/** What a task did, the latest first, by any principal. */
export function actsOf(db: Database, task: string): TaskAct[] {
  const sql = `SELECT a.id, a.task, a.effect, a.ms, c.principal, c.skill, c.status FROM task_acts a
    JOIN commands c ON c.id = a.id WHERE a.task = ? ORDER BY a.number DESC`;
  return db.prepare(sql).all(task) as TaskAct[];
}

/** The first command of a run comes soon after the run itself: it is looked for among so many. */
const commandsBetweenMax = 20_000;

/** The task of what a command caused, as the run of an agent that somebody asked for: its work is a task of its own. */
function taskCausedBy(db: Database, id: string): string | undefined {
  const sql = `SELECT a.task FROM commands r
    JOIN commands c ON c.rowid > r.rowid AND c.rowid <= r.rowid + ? AND c.cause = r.id JOIN task_acts a ON a.id = c.id
    WHERE r.id = ? ORDER BY c.rowid LIMIT 1`;
  return (db.prepare(sql).get(commandsBetweenMax, id) as { task: string } | undefined)?.task;
}

/**
 * The task that `text` names: by its id, by a plan for it, by a command in it, or by a beginning or an end of one of these;
 * or by the whole id of the run whose work it was. Throws `history.nothing` where none or several are meant.
 */
export function taskNamed(db: Database, text: string): string {
  const known = "SELECT task FROM task_acts UNION SELECT task FROM plans";
  const isOne = db.prepare(`SELECT 1 FROM (${known}) WHERE task = ?`).get(text) !== undefined;
  // A task whose id equals the short form of another's is not the one that is meant.
  if (isOne && (text.length < shortIdCharsMin || text.length >= idChars)) return text;
  const sql = `SELECT task FROM (${known}) WHERE ${idLike("task", text)}
    UNION SELECT task FROM task_acts WHERE ${idLike("id", text)} UNION SELECT task FROM plans WHERE ${idLike("id", text)} LIMIT 2`;
  const isLongEnough = text.length >= shortIdCharsMin;
  const [found, another] = isLongEnough ? (db.prepare(sql).all({ text }) as { task: string }[]) : [];
  const named = another ? undefined : (found?.task ?? taskCausedBy(db, text));
  if (named !== undefined) return named;
  const why = another ? "Several tasks fit" : "Nothing was done in a task";
  throw new Fault(
    "history.nothing",
    `${why} ${text}. \`mh history\` shows what was done; any of its ids names its task.`,
  );
}
