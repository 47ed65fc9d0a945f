import type { JournalRecord } from "@mh/contract/values/record.ts";
import { isAnswer } from "@mh/core/journal/is-answer.ts";
import type { Changes } from "@mh/core/journal/transaction.ts";
import { type Damage, type JournalReaderDeps, readRecords } from "@mh/core/journal/walk.ts";
import type { Database } from "@mh/core/ports/database.ts";

/**
 * Where a log ends in the middle of what one command wrote: records of it without its outcome, which they were written with.
 * Nothing from there on was acknowledged. A command that changed data besides is looked up in the data, and its intent says
 * which records go with them.
 */
export function halfWritten(db: Database, deps: JournalReaderDeps): Damage | undefined {
  const sql = `SELECT commands.id, min(seq) AS seq FROM commands JOIN record_places USING (id)
    WHERE status = 'begun' GROUP BY commands.id ORDER BY seq`;
  const begun = db.prepare(sql).all() as { id: string; seq: number }[];
  const [first] = begun;
  if (!first) return undefined;
  const ids = new Set(begun.map(({ id }) => id));
  const answers = new Set<string>();
  const torn = new Map<string, Damage>();
  for (const { record, stored } of readRecords(deps, first.seq)) {
    const { id, phase, seq } = record;
    // Of before intents said so: what is there of it stays.
    if (phase === "intent" && ids.has(id) && !saysAll(record)) ids.delete(id);
    if (phase === "outcome") {
      // Of an earlier time: it was begun again afterwards.
      torn.delete(id);
      continue;
    }
    if (isAnswer(record)) answers.add(id);
    if (!ids.has(id) || beforeTheEnd.has(phase) || torn.has(id)) continue;
    // What an answer grants is on disk before what it lets run.
    if (phase === "grant" && answers.has(id)) continue;
    const { segment, number, offset } = stored;
    const reason = "it goes with an outcome that is not there";
    torn.set(id, { kind: "torn", seq, path: segment.path, line: number, offset, reason });
  }
  return torn.values().next().value;
}

const saysAll = ({ body }: JournalRecord): boolean => {
  const wrote = body?.wrote as Changes | undefined;
  return wrote === undefined || wrote.records !== undefined;
};

/** What is written of a command before its outcome, and apart from it. */
const beforeTheEnd: ReadonlySet<string> = new Set(["intent", "ask", "deny", "approve", "refuse", "expire"]);
