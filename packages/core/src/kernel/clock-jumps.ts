import type { Entry } from "@mh/contract/values/record.ts";
import { type Jump, jumpOf } from "../journal/clock-watch.ts";
import type { Database } from "../ports/database.ts";
import { dayMs } from "./rates.ts";

/** The jumps of the machine's clock, in order; `id` is that of the record. */
export const clockJumpsSchema = `
CREATE TABLE clock_jumps (n INTEGER PRIMARY KEY, id TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL);
`;

export interface ClockJumpRow {
  id: string;
  from_ms: number;
  to_ms: number;
}

export const clockJumps = (db: Database): ClockJumpRow[] =>
  db.prepare("SELECT id, from_ms, to_ms FROM clock_jumps ORDER BY n").all() as ClockJumpRow[];

/** What jumps of more than a day mean for what is due at a time. A clock that is put right by less tells the same day. */
export function turnsOf(db: Database): { turns: number; aheadMs: number } {
  const far = clockJumps(db).filter(({ from_ms, to_ms }) => Math.abs(from_ms - to_ms) > dayMs);
  const ahead = far.filter(({ from_ms, to_ms }) => to_ms > from_ms).map(({ to_ms }) => to_ms);
  return { turns: far.length - ahead.length, aheadMs: ahead.at(-1) ?? 0 };
}

/** Takes a jump in: what ends at a time ends when as much of it has passed as was left, or sooner, and never later. */
export function foldJump(db: Database, entry: Entry): void {
  const jump = jumpOf(entry);
  if (!jump) return;
  db.prepare("INSERT INTO clock_jumps (id, from_ms, to_ms) VALUES (?, ?, ?)").run(entry.id, jump.fromMs, jump.toMs);
  for (const table of ["approvals", "grants", "plans"]) moveBack(db, jump, table, "expires_ms");
  // Windows go on as if the clock had not been touched: it neither refills nor uses up what may be done in one.
  for (const table of ["actions", "payments"]) {
    moveBack(db, jump, table, "ms");
    moveForward(db, jump, table, "ms");
  }
}

/** Times that the clock, having gone back, has not come to again: they are as far from now as they were. */
export function moveBack(db: Database, { fromMs, toMs }: Jump, table: string, column: string, where = "TRUE"): void {
  if (toMs >= fromMs) return;
  const sql = `UPDATE ${table} SET ${column} = ${column} + :byMs WHERE ${column} > :toMs AND ${where}`;
  db.prepare(sql).run({ byMs: toMs - fromMs, toMs });
}

/** Times that the clock left behind without their having passed. */
function moveForward(db: Database, { fromMs, toMs }: Jump, table: string, column: string): void {
  if (toMs <= fromMs) return;
  db.prepare(`UPDATE ${table} SET ${column} = ${column} + ?`).run(toMs - fromMs);
}
