import type { Entry } from "@mh/contract/values/record.ts";
import type { Transaction } from "../journal/transaction.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";

/** `commands.value` names the object that keeps what a command gave; `kept_subjects` says what such a value is about. */
export const keptSchema = `
CREATE INDEX commands_kept ON commands (value) WHERE value IS NOT NULL;
CREATE TABLE kept_subjects (subject TEXT NOT NULL, cmd TEXT NOT NULL, PRIMARY KEY (subject, cmd)) WITHOUT ROWID;
`;

/** Of an intent, too: a crash may come before the outcome, and what was done gave its value all the same. */
export function foldKept(db: Database, { id, body }: Entry): void {
  if (typeof body?.value !== "string") return;
  db.prepare("UPDATE commands SET value = ? WHERE id = ?").run(body.value, id);
  const add = db.prepare("INSERT OR IGNORE INTO kept_subjects VALUES (?, ?)");
  for (const subject of (body.subjects ?? []) as string[]) add.run(subject, id);
}

/**
 * Objects that keep what commands gave: all whose outcome names the subject, and every other whose text `holds` its
 * words. Each is looked into, so that no skill can keep words where forgetting does not find them.
 */
export function keptValuesOf(tx: Transaction, subject: string, holds: (text: string) => boolean): string[] {
  const sql = `SELECT value AS object, max(id IN (SELECT cmd FROM kept_subjects WHERE subject = ?)) AS named
    FROM commands WHERE value IS NOT NULL GROUP BY value`;
  const rows = tx.db.prepare(sql).all(subject) as { object: string; named: number }[];
  return rows.filter(({ object, named }) => named || isHeld(tx, object, holds)).map(({ object }) => object);
}

/** Payloads of approval requests that are closed and whose text `holds` the words. */
export function closedPayloadsOf(tx: Transaction, holds: (text: string) => boolean): string[] {
  const rows = tx.db.prepare("SELECT DISTINCT object FROM approvals WHERE status <> 'open' AND object <> ''").all();
  return (rows as { object: string }[]).map(({ object }) => object).filter((object) => isHeld(tx, object, holds));
}

function isHeld(tx: Transaction, object: string, holds: (text: string) => boolean): boolean {
  const bytes = tx.readObject(object);
  return bytes !== undefined && holds(decodeLossy(bytes));
}
