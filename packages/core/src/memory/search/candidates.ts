import type { Database } from "../../ports/database.ts";
import { closePairs, type Filter, matching } from "./matching.ts";
import type { Meaning } from "./meaning.ts";
import type { Question, Span } from "./question.ts";
import { reach, Sessions, type Turn } from "./sessions.ts";
import type { Term } from "./terms.ts";
import type { WordVectors } from "./word-vectors.ts";

export type Candidate = Stored & {
  /** BM25 of the memory itself; 0 when it came in by its neighbours or its time. */
  words: number;
  pairs: number;
  /** Cosine to the question, where an embedder made vectors of both; 0 else. */
  meaning: number;
  eventSpans: Span[];
  /** Kinds of what the text names, but for its speaker. */
  names: ReadonlySet<string>;
  text: readonly Term[];
  before: Turn[];
  after: Turn[];
  /** How many memories come before it in its session, up to some ten. */
  position: number;
};
type Stored = {
  row: number;
  id: string;
  externalId: string | null;
  content: string;
  kind: string;
  atMs: number;
  session: string | null;
  speaker: string | null;
  textKey: string;
};

const matchesMin = 100;
const matchesPerHit = 5;
const pairsMax = 500;
const expandedMax = 40;
const expandedBy = 3;
const datedMax = 100;
const nearestMax = 60;
const sides = ["before", "after"] as const;

/**
 * The first stage: the best matches by words, the turns around the best of them (the answer to a matching question
 * seldom repeats its words), what happened at the time asked about, and what is closest in meaning.
 */
export function gather(
  db: Database,
  question: Question,
  filter: Filter,
  { k, meaning, vectors }: { k: number; meaning?: Meaning | undefined; vectors?: WordVectors | undefined },
): Candidate[] {
  const matches = matching(db, question.terms, filter, Math.max(matchesMin, matchesPerHit * k));
  const sessions = new Sessions(db, matches, vectors);
  const found = load(db, [...matches.keys()], filter);
  const byRow = new Map(found.map((stored) => [stored.row, stored]));
  const best = [...matches.keys()].slice(0, expandedMax).flatMap((row) => byRow.get(row) ?? []);
  const around = best.flatMap((stored) =>
    sides.flatMap((side) => sessions.turns(stored, side, expandedBy).map(({ row }) => row)),
  );
  const close = meaning
    ? rowsOf(
        db,
        meaning.nearest(Math.max(nearestMax, k)).map(({ memory }) => memory),
      )
    : [];
  const meant = question.concepts.flatMap(({ meant }) => [...meant.keys()]);
  const likely = matching(db, meant, filter, Math.max(0, matchesMin - found.length)).keys();
  const more = [...new Set([...likely, ...around, ...dated(db, question.spans), ...close])].filter(
    (row) => !byRow.has(row),
  );
  const all = [...found, ...load(db, more, filter)];
  const pairs = closePairs(db, question.pairs, pairsMax);
  const events = eventSpans(db, all);
  const named = namesIn(db, all);
  const likeness = meaning ? likenessOf(meaning, all) : undefined;
  const position = positions(db);
  return all.map((stored) => {
    const before = sessions.turns(stored, "before");
    return {
      ...stored,
      words: matches.get(stored.row) ?? 0,
      pairs: pairs.get(stored.row) ?? 0,
      meaning: likeness?.get(stored.row) ?? 0,
      eventSpans: events.get(stored.row) ?? [],
      names: named.get(stored.row) ?? new Set(),
      text: sessions.textOf(stored),
      before,
      after: sessions.turns(stored, "after"),
      position: before.length < reach ? before.length : position(stored),
    };
  });
}

function load(db: Database, rows: readonly number[], filter: Filter): Stored[] {
  return db
    .prepare(
      `SELECT m.rowid AS row, m.id, m.external_id AS externalId, m.content, m.kind, m.at_ms AS atMs, m.session, m.speaker, m.text_key AS textKey
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

const positionMax = 30;

function positions(db: Database) {
  const read = db.prepare(
    `SELECT count(*) AS earlier FROM (SELECT 1 FROM memories WHERE session = ? AND rowid < ? LIMIT ${positionMax})`,
  );
  return ({ session, row }: Stored): number =>
    session === null ? 0 : (read.get(session, row) as { earlier: number }).earlier;
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

function namesIn(db: Database, all: readonly Stored[]): Map<number, Set<string>> {
  const rows = db
    .prepare("SELECT memory AS row, kind FROM entities WHERE memory IN (SELECT value FROM json_each(?))")
    .all(JSON.stringify(all.map(({ row }) => row))) as { row: number; kind: string }[];
  const names = new Map<number, Set<string>>();
  for (const { row, kind } of rows) names.set(row, (names.get(row) ?? new Set()).add(kind));
  return names;
}
