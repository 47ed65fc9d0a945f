import type { Database } from "../ports/database.ts";
import { searchText } from "./search/search-text.ts";

type Pending = { memory: number; was: string | null; content: string | null };

const batch = 1_000;

/**
 * Brings the text index up to the memories, as one before a commit. Not with each memory: whatever statement fires a trigger
 * makes FTS5 write out the words that it has gathered, as a segment of their own, to be merged with the others afterwards.
 */
export function indexTexts(db: Database): void {
  const some = db.prepare(
    `SELECT pending.memory, was, m.content FROM text_pending AS pending LEFT JOIN memories m ON m.rowid = pending.memory
     ORDER BY pending.memory LIMIT ${batch}`,
  );
  // The index holds no text: what is taken out of it has to be said.
  const drop = db.prepare("INSERT INTO memory_text (memory_text, rowid, search_text) VALUES ('delete', ?, ?)");
  const add = db.prepare("INSERT INTO memory_text (rowid, search_text) VALUES (?, ?)");
  const done = db.prepare("DELETE FROM text_pending WHERE memory <= ?");
  for (let rows = some.all() as Pending[]; rows.length > 0; rows = some.all() as Pending[]) {
    for (const { memory, was } of rows) if (was !== null) drop.run(memory, searchText(was));
    for (const { memory, content } of rows) if (content !== null) add.run(memory, searchText(content));
    done.run(rows.at(-1)?.memory);
  }
}
