import type { Database } from "../../ports/database.ts";
import { closePairs, type Filter, matching } from "./matching.ts";
import type { Meaning } from "./meaning.ts";
import type { Question, Span } from "./question.ts";

export type Candidate = Stored & {
  /** BM25 of the memory itself; 0 when it came in by its neighbours or its time. */
  words: number;
  pairs: number;
  /** Cosine to the question, where an embedder made vectors of both; 0 else. */
  meaning: number;
  eventSpans: Span[];
  before: Turn[];
  after: Turn[];
};
/** A memory next to another in its session, nearest first. */
export type Turn = { row: number; words: number; asks: boolean };

type Stored = {
  row: number;
  id: string;
  content: string;
  atMs: number;
  session: string | null;
  speaker: string | null;
  textKey: string;
};

const matchesMax = 500;
const expandedMax = 100;
const datedMax = 100;
const nearestMax = 60;
const reach = 2;

/**
 * The first stage: the best matches by words, the turns around the best of them (the answer to a matching question
 * seldom repeats its words), what happened at the time asked about, and what is closest in meaning.
 */
export function gather(
  db: Database,
  question: Question,
  filter: Filter,
  { k, meaning }: { k: number; meaning?: Meaning | undefined },
): Candidate[] {
  const matches = matching(db, question.terms, filter, Math.max(matchesMax, k));
  const turns = turnsReader(db, matches);
  const found = load(db, [...matches.keys()], filter);
  const byRow = new Map(found.map((stored) => [stored.row, stored]));
  const best = [...matches.keys()].slice(0, expandedMax).flatMap((row) => byRow.get(row) ?? []);
  const around = best.flatMap((stored) =>
    [...turns(stored, "before"), ...turns(stored, "after")].map(({ row }) => row),
  );
  const close = meaning
    ? rowsOf(
        db,
        meaning.nearest(Math.max(nearestMax, k)).map(({ memory }) => memory),
      )
    : [];
  const more = [...new Set([...around, ...dated(db, question.spans), ...close])].filter((row) => !byRow.has(row));
  const all = [...found, ...load(db, more, filter)];
  const pairs = closePairs(db, question.pairs, matchesMax);
  const events = eventSpans(db, all);
  const likeness = meaning ? likenessOf(meaning, all) : undefined;
  return all.map((stored) => ({
    ...stored,
    words: matches.get(stored.row) ?? 0,
    pairs: pairs.get(stored.row) ?? 0,
    meaning: likeness?.get(stored.row) ?? 0,
    eventSpans: events.get(stored.row) ?? [],
    before: turns(stored, "before"),
    after: turns(stored, "after"),
  }));
}

function load(db: Database, rows: readonly number[], filter: Filter): Stored[] {
  return db
    .prepare(
      `SELECT m.rowid AS row, m.id, m.content, m.at_ms AS atMs, m.session, m.speaker, m.text_key AS textKey
       FROM memories m
       WHERE m.rowid IN (SELECT value FROM json_each(?)) AND ${filter.sql}`,
    )
    .all(JSON.stringify(rows), ...filter.params) as Stored[];
}

function rowsOf(db: Database, memories: readonly string[]): number[] {
  const sql = "SELECT rowid AS row FROM memories WHERE id IN (SELECT value FROM json_each(?))";
  return (db.prepare(sql).all(JSON.stringify(memories)) as { row: number }[]).map(({ row }) => row);
}

function likenessOf(meaning: Meaning, all: readonly Stored[]): Map<number, number> {
  const byId = new Map(all.map((stored) => [stored.id, stored]));
  return new Map(
    meaning.of([...byId.keys()]).flatMap(({ memory, textKey, likeness }) => {
      const stored = byId.get(memory);
      return stored?.textKey === textKey ? [[stored.row, likeness] as const] : [];
    }),
  );
}

function turnsReader(db: Database, matches: ReadonlyMap<number, number>) {
  const columns = "SELECT rowid AS row, instr(content, '?') > 0 AS asks FROM memories";
  const read = {
    before: db.prepare(`${columns} WHERE session = ? AND rowid < ? ORDER BY rowid DESC LIMIT ${reach}`),
    after: db.prepare(`${columns} WHERE session = ? AND rowid > ? ORDER BY rowid LIMIT ${reach}`),
  };
  return (stored: Stored, side: "before" | "after"): Turn[] => {
    if (stored.session === null) return [];
    const rows = read[side].all(stored.session, stored.row) as { row: number; asks: number }[];
    return rows.map(({ row, asks }) => ({ row, asks: asks === 1, words: matches.get(row) ?? 0 }));
  };
}

/** What was told in the time asked about, and what was told of it at any time. */
function dated(db: Database, spans: readonly Span[]): number[] {
  const told = db.prepare("SELECT rowid AS row FROM memories WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms LIMIT ?");
  const meant = db.prepare("SELECT memory AS row FROM event_times WHERE from_ms >= ? AND from_ms < ? LIMIT ?");
  return spans.flatMap(({ from, to }) =>
    [...told.all(from, to, datedMax), ...meant.all(from, to, datedMax)].map((found) => (found as { row: number }).row),
  );
}

function eventSpans(db: Database, all: readonly Stored[]): Map<number, Span[]> {
  const rows = db
    .prepare(
      `SELECT memory AS row, from_ms AS "from", to_ms AS "to" FROM event_times
       WHERE memory IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(all.map(({ row }) => row))) as (Span & { row: number })[];
  const spans = new Map<number, Span[]>();
  for (const { row, from, to } of rows) spans.set(row, [...(spans.get(row) ?? []), { from, to }]);
  return spans;
}
