import type { Database } from "../../ports/database.ts";
import type { Filter } from "./matching.ts";
import { wordsOf } from "./search-text.ts";
import { stemOf } from "./terms.ts";

/** What a note says of itself, as it is asked for: `author:ann`, `author:"Ann Writer"`, `year:1965`. */
export type Field = { name: string; value: string };

const charactersMax = 4_000;
const fieldsMax = 8;
const asked = /(?<![\p{L}\p{N}_/.@:-])(\p{L}[\p{L}\p{N}_-]{1,40}):(?:"([^"\n]{1,200})"|([\p{L}\p{N}]\S{0,200}))/gu;

/** The fields that a question names, as they stand in it. What stands behind a colon and a blank is no field. */
export const fieldsIn = (text: string): (Field & { written: string })[] =>
  [...text.slice(0, charactersMax).matchAll(asked)]
    .slice(0, fieldsMax)
    .map(([written, name = "", quoted, bare = ""]) => ({ written, name, value: quoted ?? bare }))
    .filter(({ name, value }) => wordsOf(name).length > 0 && wordsOf(value).length > 0);

/**
 * A question for only the memories that have its fields, and what else their notes say; what is left of its text is looked
 * for there. A name that nothing has as a field is a word like others; one that something has, with no such value, finds nothing.
 */
export function within(db: Database, text: string, filter: Filter): { text: string; filter: Filter } {
  const known = fieldsIn(text).filter((field) => isKnown(db, field));
  const left = known.reduce((rest, { written }) => rest.replace(written, () => " "), text);
  const fields = known.map((field) => JSON.stringify(rowsWith(db, field)));
  return {
    text: wordsOf(left.slice(0, charactersMax)).length > 0 ? left : text,
    filter: {
      sql: [filter.sql, ...fields.map(() => ofThose)].join(" AND "),
      params: [...filter.params, ...fields.flatMap((rows) => [rows, rows])],
    },
  };
}

const ofThose = `(m.rowid IN (SELECT value FROM json_each(?)) OR (m.source, m.session) IN
  (SELECT source, session FROM memories WHERE rowid IN (SELECT value FROM json_each(?)) AND session IS NOT NULL))`;

const readMax = 5_000;
const knownMax = 200;

const isKnown = (db: Database, { name }: Field): boolean => withWords(db, [name], knownMax).some(has(name));

const rowsWith = (db: Database, { name, value }: Field): number[] =>
  withWords(db, [name, value], readMax)
    .filter(has(name, value))
    .map(({ row }) => row);

type Stored = { row: number; content: string };

function withWords(db: Database, texts: readonly string[], limit: number): Stored[] {
  const phrases = texts.map((text) => `"${wordsOf(text).join(" ")}"`).join(" AND ");
  const sql = `SELECT m.rowid AS row, m.content FROM memory_text t JOIN memories m ON m.rowid = t.rowid
    WHERE memory_text MATCH ? LIMIT ?`;
  return db.prepare(sql).all(phrases, limit) as Stored[];
}

const linesMax = 500;

/** Whether a line of a text is that field: "author: [[Ann Writer]]", "Author:: Ann". */
function has(name: string, value?: string): (stored: Stored) => boolean {
  const wanted = value === undefined ? undefined : ` ${stemsOf(value)} `;
  return ({ content }) =>
    content.split("\n", linesMax).some((line) => {
      const at = line.indexOf(":");
      if (at < 1 || at > 60 || folded(line.slice(0, at)) !== folded(name)) return false;
      return wanted === undefined || ` ${stemsOf(line.slice(at, at + 4_000))} `.includes(wanted);
    });
}

const folded = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

const stemsOf = (text: string): string => wordsOf(text.normalize()).map(stemOf).join(" ");
