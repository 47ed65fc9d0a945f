import { OpenCommands } from "@mh/core/journal/open-commands.ts";
import { type Damage, type JournalReaderDeps, readRecords } from "@mh/core/journal/walk.ts";
import type { Database } from "@mh/core/ports/database.ts";

/**
 * Where a log ends in the middle of what one command wrote: records of it without its outcome, which they were written with.
 * Nothing from there on was acknowledged. A command that changed data besides is looked up in the data, and its intent says
 * which records go with them.
 */
export function halfWritten(db: Database, deps: JournalReaderDeps): Damage | undefined {
  const sql = `SELECT min(seq) AS seq FROM commands JOIN record_places USING (id) WHERE status = 'begun'`;
  const { seq: first } = db.prepare(sql).get() as { seq: number | null };
  if (first === null) return undefined;
  const commands = new OpenCommands<Damage>();
  for (const { record, stored } of readRecords(deps, first)) {
    const { segment, number, offset } = stored;
    const reason = "it goes with an outcome that is not there";
    commands.take(record, { kind: "torn", seq: record.seq, path: segment.path, line: number, offset, reason });
  }
  return commands
    .half()
    .map(({ late }) => late[0] as Damage)
    .sort((a, b) => a.seq - b.seq)[0];
}
