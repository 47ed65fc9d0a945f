import type { Entry } from "@mh/contract/values/record.ts";
import type { Database } from "../ports/database.ts";

/**
 * The sums of every line that a command wrote (`journal/line-sum.ts`), folded from the journal. They are made with a key,
 * so a row that somebody else wrote here fits no line.
 */
export const writtenLinesSchema = "CREATE TABLE written_lines (sum INTEGER PRIMARY KEY);";

const unsummed = "lines.unsummed";

/** Takes in what an intent says of the lines that its command writes, or an `adopt` record of lines without a command. */
export function foldWrittenLines(db: Database, { phase, body }: Entry): void {
  const { sums, lines } = ((phase === "adopt" ? body : body?.wrote) ?? {}) as { sums?: number[]; lines?: number };
  const add = db.prepare("INSERT OR IGNORE INTO written_lines VALUES (?)");
  for (const sum of sums ?? []) add.run(sum);
  // Records of before there were sums: their lines are known by their command alone, until they are summed, once.
  if (phase === "intent" && !sums && lines) mark(db, unsummed, true);
  if (phase === "adopt" && body?.isWhole === true) mark(db, unsummed, false);
}

export const isWritten = (db: Database, sum: number): boolean =>
  db.prepare("SELECT 1 FROM written_lines WHERE sum = ?").get(sum) !== undefined;

/** Whether the journal has records of lines without their sums. */
export const hasUnsummed = (db: Database): boolean =>
  db.prepare("SELECT 1 FROM meta WHERE key = ?").get(unsummed) !== undefined;

function mark(db: Database, key: string, isSet: boolean): void {
  if (isSet) db.prepare("INSERT OR REPLACE INTO meta VALUES (?, '1')").run(key);
  else db.prepare("DELETE FROM meta WHERE key = ?").run(key);
}
