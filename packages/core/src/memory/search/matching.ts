import type { Database } from "../../ports/database.ts";
import { asIndexed } from "./search-text.ts";

/** Which memories may be found: an SQL condition over `memories m`, and its parameters. */
export type Filter = { sql: string; params: unknown[] };

/** The memories that share a word with the question: row to BM25 (k1 1.2, b .75, as FTS5 has them), best first. */
export function matching(db: Database, terms: readonly string[], filter: Filter, limit: number): Map<number, number> {
  if (terms.length === 0 || limit === 0) return new Map();
  const query = terms.map(phrase).join(" OR ");
  const best = scored(db, bestMatches, [query, limit]);
  if (best.size < limit) return best;
  // A full page may be of a kind or a time not asked for: then the filter has to come before the limit.
  const kept = db
    .prepare(
      `SELECT count(*) AS total FROM memories m WHERE m.rowid IN (SELECT value FROM json_each(?)) AND ${filter.sql}`,
    )
    .get(JSON.stringify([...best.keys()]), ...filter.params) as { total: number };
  if (kept.total === best.size) return best;
  return scored(
    db,
    `SELECT t.rowid AS row, t.rank AS rank FROM memory_text t JOIN memories m ON m.rowid = t.rowid
     WHERE memory_text MATCH ? AND ${filter.sql} ORDER BY +t.rank LIMIT ?`,
    [query, ...filter.params, limit],
  );
}

/** The memories in which two words that stand together in the question stand together as well. */
export function closePairs(db: Database, pairs: readonly [string, string][], limit: number): Map<number, number> {
  if (pairs.length === 0) return new Map();
  const query = pairs.map(([left, right]) => `NEAR(${phrase(left)} ${phrase(right)}, 2)`).join(" OR ");
  return scored(db, bestMatches, [query, limit]);
}

// With a sign before it FTS5 does not sort all that match, and SQLite keeps as many as are wanted: half the time, the same rows.
const bestMatches = "SELECT rowid AS row, rank FROM memory_text WHERE memory_text MATCH ? ORDER BY +rank LIMIT ?";

function scored(db: Database, sql: string, params: unknown[]): Map<number, number> {
  const rows = db.prepare(sql).all(...params) as { row: number; rank: number }[];
  return new Map(rows.map(({ row, rank }) => [row, -rank]));
}

// A word holds letters, digits and marks only, or is an emoji, so nothing in it can end the quotes.
const phrase = (word: string) => `"${asIndexed(word)}"`;
