import { isAnswer } from "@mh/core/journal/is-answer.ts";
import { type Damage, type JournalReaderDeps, readRecords } from "@mh/core/journal/walk.ts";
import type { Database } from "@mh/core/ports/database.ts";

/**
 * Where a log ends in the middle of what one command wrote: records of it without its outcome, which they were written with.
 * Nothing from there on was acknowledged. What a command with data has of them is whole where its intent says so.
 */
export function halfWritten(db: Database, deps: JournalReaderDeps): Damage | undefined {
  const sql = `SELECT commands.id, min(seq) AS seq, coalesce(changes.records, 0) AS records
    FROM commands JOIN record_places USING (id) LEFT JOIN changes ON cmd = commands.id
    WHERE commands.status = 'begun' AND (cmd IS NULL OR records > 0) GROUP BY commands.id ORDER BY seq`;
  const begun = db.prepare(sql).all() as { id: string; seq: number; records: number }[];
  const [first] = begun;
  if (!first) return undefined;
  const beside = besideOutcomes(deps, first.seq, new Set(begun.map(({ id }) => id)));
  const halves = begun.filter(({ id, records }) => beside.get(id)?.length !== records);
  const found = halves
    .flatMap(({ id }) => beside.get(id)?.slice(0, 1) ?? [])
    .sort((a, b) => a.record.seq - b.record.seq);
  const [half] = found;
  if (!half) return undefined;
  const { segment, number, offset } = half.stored;
  const reason = "it goes with an outcome that is not there";
  return { kind: "torn", seq: half.record.seq, path: segment.path, line: number, offset, reason };
}

/** How many records of a command without an outcome go with one. */
export function recordsBeside(db: Database, deps: JournalReaderDeps, cmd: string): number {
  const { seq } = db.prepare("SELECT min(seq) AS seq FROM record_places WHERE id = ?").get(cmd) as { seq: number };
  return besideOutcomes(deps, seq, new Set([cmd])).get(cmd)?.length ?? 0;
}

type Read = ReturnType<typeof readRecords> extends Iterable<infer Each> ? Each : never;

/** Of commands without an outcome, what is written together with one. */
function besideOutcomes(deps: JournalReaderDeps, from: number, ids: ReadonlySet<string>): Map<string, Read[]> {
  const answers = new Set<string>();
  const found = new Map<string, Read[]>();
  for (const read of readRecords(deps, from)) {
    const { id, phase } = read.record;
    // An outcome is of an earlier time: it was begun again afterwards.
    if (phase === "outcome") found.delete(id);
    if (isAnswer(read.record)) answers.add(id);
    // What an answer grants is on disk before what it lets run.
    const isBefore = beforeTheEnd.has(phase) || (phase === "grant" && answers.has(id));
    if (!ids.has(id) || phase === "outcome" || isBefore) continue;
    found.set(id, [...(found.get(id) ?? []), read]);
  }
  return found;
}

/** What is written of a command before its outcome, and apart from it. */
const beforeTheEnd: ReadonlySet<string> = new Set(["intent", "ask", "deny", "approve", "refuse", "expire"]);
