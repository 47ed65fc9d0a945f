import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { clockJumps } from "../kernel/clock-jumps.ts";
import type { Database } from "../ports/database.ts";
import { type LineFiles, readMemoryFile } from "./read-lines.ts";
import { isDocument } from "./store.ts";

/** A memory that was dated by a clock that was wrong, and when it was told by the clock as it was put right. */
export interface Misdated {
  id: string;
  at: string;
  rightAt: string;
}

/** Records between two numbers whose clock said times of (fromMs, toMs], and how far that was from the right ones. */
interface Stretch {
  after: number;
  before: number;
  fromMs: number;
  toMs: number;
  byMs: number;
}

/**
 * Memories that nobody gave a date but a clock that was put right afterwards. By what went before a jump they are told: back,
 * and what is dated later is from the future; forward again to where it was before it went back, and what lies between is from
 * the past.
 */
export function misdated(db: Database, deps: LineFiles): Misdated[] {
  const firsts = new FirstRevisions(deps);
  return stretchesOf(db).flatMap((stretch) => [...within(db, firsts, stretch)]);
}

function stretchesOf(db: Database): Stretch[] {
  const place = db.prepare("SELECT min(seq) AS seq FROM record_places WHERE id = ?");
  const jumps = clockJumps(db).map(({ id, from_ms: fromMs, to_ms: toMs }) => {
    const { seq } = place.get(id) as { seq: number | null };
    return { seq: seq ?? 0, fromMs, toMs, byMs: toMs - fromMs };
  });
  return jumps.flatMap((jump, n): Stretch[] => {
    if (jump.byMs > 0) return [];
    const { seq, fromMs, toMs, byMs } = jump;
    const later = jumps.slice(n + 1);
    const back = later.find((each) => each.byMs > 0 && each.toMs >= fromMs);
    if (back) return [{ after: seq, before: back.seq, fromMs: toMs - 1, toMs: back.fromMs, byMs: back.byMs }];
    const ahead = jumps.slice(0, n).findLast((each) => each.byMs > 0);
    return [{ after: ahead?.seq ?? -1, before: seq, fromMs: toMs, toMs: fromMs, byMs }];
  });
}

function* within(
  db: Database,
  firsts: FirstRevisions,
  { after, before, fromMs, toMs, byMs }: Stretch,
): Generator<Misdated> {
  const sql = `SELECT m.id, m.at_ms, m.record, first.file FROM memories m JOIN revisions first ON first.id = m.id AND first.rev = 1
    WHERE m.at_ms > :fromMs AND m.at_ms <= :toMs AND m.by_hand = 0
      AND (SELECT min(seq) FROM record_places WHERE record_places.id = first.cmd) BETWEEN :after AND :before ORDER BY m.id`;
  const rows = db.prepare(sql).all({ fromMs, toMs, after, before });
  for (const row of rows as { id: string; at_ms: number; record: string; file: string }[]) {
    const record = JSON.parse(row.record) as MemoryRecord;
    if (isDocument(row.file) || record.at !== firsts.recordedAt(record, row.file)) continue;
    yield { id: row.id, at: record.at, rightAt: new Date(row.at_ms + byMs).toISOString() };
  }
}

/** When first revisions were written: what was told with a date of its own has another. Each file is read once. */
class FirstRevisions {
  readonly #deps: LineFiles;
  readonly #files = new Map<string, ReadonlyMap<string, string>>();

  constructor(deps: LineFiles) {
    this.#deps = deps;
  }

  recordedAt({ id, rev, recordedAt }: MemoryRecord, file: string): string | undefined {
    if (rev === 1) return recordedAt;
    const known = this.#files.get(file) ?? new Map(this.#read(file));
    this.#files.set(file, known);
    return known.get(id);
  }

  *#read(file: string): Generator<[id: string, recordedAt: string]> {
    for (const read of readMemoryFile(this.#deps, file))
      if ("line" in read && read.line.rev === 1) yield [read.line.id, read.line.recordedAt];
  }
}
