import type { Database } from "../../ports/database.ts";
import { memoryTokenizer } from "../schema.ts";
import { asIndexed } from "./search-text.ts";

const keptMax = 20_000;
const kept = new WeakMap<Database, Map<string, readonly string[]>>();

/**
 * The terms that the text index makes of each word; a word of which it makes none is left out. The index itself is asked,
 * so that the two cannot differ, and once for each word: the answer never changes.
 */
export function indexTerms(db: Database, words: readonly string[]): Map<string, readonly string[]> {
  const known = kept.get(db) ?? new Map<string, readonly string[]>();
  kept.set(db, known);
  if (known.size > keptMax) known.clear();
  const unknown = [...new Set(words)].filter((word) => !known.has(word));
  for (const [word, terms] of unknown.length > 0 ? asked(db, unknown) : []) known.set(word, terms);
  return new Map(words.flatMap((word) => (known.get(word)?.length ? [[word, known.get(word) ?? []]] : [])));
}

function asked(db: Database, words: readonly string[]): Map<string, string[]> {
  // A transaction that is rolled back takes them with it.
  db.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.question_text USING fts5 (word, tokenize = '${memoryTokenizer}');
     CREATE VIRTUAL TABLE IF NOT EXISTS temp.question_terms USING fts5vocab (temp, question_text, 'instance');
     DELETE FROM temp.question_text;`,
  );
  const insert = db.prepare("INSERT INTO temp.question_text (rowid, word) VALUES (?, ?)");
  for (const [i, word] of words.entries()) insert.run(i + 1, asIndexed(word));
  const rows = db.prepare("SELECT q.doc AS number, q.term FROM temp.question_terms q").all();
  const terms = new Map(words.map((word) => [word, [] as string[]]));
  for (const { number, term } of rows as { number: number; term: string }[])
    terms.get(words[number - 1] as string)?.push(term);
  return terms;
}
