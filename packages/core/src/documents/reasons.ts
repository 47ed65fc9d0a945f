import type { Transaction } from "../journal/transaction.ts";
import type { OwnContext } from "../kernel/skill.ts";
import type { TableSet } from "../kernel/tables.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";

/** Why commands were given, in their authors' words. The words lie in an object, which may be erased. */
export const reasonTables: TableSet = {
  name: "reasons",
  version: 1,
  schema: "CREATE TABLE reasons (cmd TEXT PRIMARY KEY, object TEXT NOT NULL) WITHOUT ROWID;",
  gives: { reasons: "nothing" },
  folds: {
    reason(db, { id, objects }) {
      db.prepare("INSERT OR REPLACE INTO reasons VALUES (?, ?)").run(id, objects?.[0] ?? "");
    },
  },
  objects: ["SELECT object FROM reasons"],
};

/** Writes down why a command changes what it does. */
export function keepReason(
  tx: Transaction,
  { commandId, principal }: Pick<OwnContext, "commandId" | "principal">,
  reason: string | undefined,
): void {
  if (reason === undefined) return;
  tx.append({ phase: "reason", id: commandId, principal, objects: [tx.object(utf8.encode(reason))] });
}

/** Why a command was given; null where nothing was said, or where the words are gone. */
export function reasonOf(
  db: Database,
  readObject: (name: string) => string | undefined,
  command: string | null,
): string | null {
  const row = db.prepare("SELECT object FROM reasons WHERE cmd = ?").get(command) as { object: string } | undefined;
  return (row && readObject(row.object)) ?? null;
}
