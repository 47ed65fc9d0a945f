import type { ChatMessage } from "@mh/contract/chat.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { chatSource } from "../memory/chat-source.ts";
import type { LineMarks } from "../memory/hand-written.ts";
import type { Database } from "../ports/database.ts";
import { type ChatRow, chatPrincipal, wholeChatRow } from "./chats-table.ts";
import { messageIn, messageOf, sessionOf } from "./messages.ts";

/** Chats that begin as another, one after the other. */
const forksMax = 100;
/** Rows that are read at once. */
const batchMax = 64;

/** What a chat has of its own, or of the one that it begins as: rows before `end`, and ids before `below` where that is given. */
interface Stretch {
  session: string;
  end: number;
  below: string | null;
}

const within = `session = :session AND source = '${chatSource}' AND rowid < :end AND (:below IS NULL OR id < :below)`;

/** Rows of a stretch, the latest first. */
export const latestSql = `SELECT rowid, record FROM memories WHERE ${within} ORDER BY rowid DESC LIMIT ${batchMax}`;

/** Messages of a stretch, whose records are not read into objects. */
export const countSql = `SELECT count(*) AS messages, coalesce(max(at_ms), 0) AS lastMs FROM memories WHERE ${within}
  AND (NOT EXISTS (SELECT 1 FROM json_each(record, '$.origins') WHERE value <> 'owner')
    OR EXISTS (SELECT 1 FROM json_each(record, '$.origins') WHERE value = '${chatPrincipal}'))`;

/**
 * The last messages of a chat, or the last before one of them, the earliest first; of a fork, those before it as well. No more
 * is read than is given. `earlier`: how many come before these, by their count alone.
 */
export function pageOf(
  db: Database,
  marks: LineMarks,
  chat: ChatRow,
  { limit = Number.POSITIVE_INFINITY, before }: { limit?: number | undefined; before?: string | undefined },
): { messages: ChatMessage[]; earlier: number } {
  const latestFirst: ChatMessage[] = [];
  const stretches = before === undefined ? stretchesOf(db, chat) : stretchesBefore(db, marks, chat, before);
  for (const [n, stretch] of stretches.entries())
    for (const { row, message } of backwards(db, marks, stretch)) {
      latestFirst.push(message);
      if (latestFirst.length < limit) continue;
      const rest = [{ ...stretch, end: row }, ...stretches.slice(n + 1)];
      const earlier = rest.reduce((sum, each) => sum + counted(db, each).messages, 0);
      return { messages: latestFirst.reverse(), earlier };
    }
  return { messages: latestFirst.reverse(), earlier: 0 };
}

/** Everything that was said in a chat, the earliest first; of a fork, what was said before it as well. */
export const messagesOf = (db: Database, marks: LineMarks, chat: ChatRow): ChatMessage[] =>
  pageOf(db, marks, chat, {}).messages;

/** How many messages a chat has, those before a fork as well, and when the last one of its own came; none of them is read. */
export function countOf(db: Database, chat: ChatRow): { messages: number; lastMs: number } {
  const counts = stretchesOf(db, chat).map((stretch) => counted(db, stretch));
  return { messages: counts.reduce((sum, { messages }) => sum + messages, 0), lastMs: counts[0]?.lastMs ?? 0 };
}

const wholeOf = (chat: string): Stretch => ({ session: sessionOf(chat), end: Number.MAX_SAFE_INTEGER, below: null });

/** What a chat is put together from, the latest first. */
function stretchesOf(db: Database, chat: ChatRow): Stretch[] {
  const stretches = [wholeOf(chat.id)];
  let at = chat;
  for (let depth = 0; at.forked_from !== null && depth < forksMax; depth += 1) {
    const through = at.through ?? "";
    at = wholeChatRow(db, at.forked_from);
    const whole = wholeOf(at.id);
    const last = rowIn(db, whole, through)?.rowid;
    // The last one may be forgotten by now: what came before it stays, by the order in which ids are made.
    stretches.push(last === undefined ? { ...whole, below: through } : { ...whole, end: last + 1 });
  }
  return stretches;
}

function stretchesBefore(db: Database, marks: LineMarks, chat: ChatRow, before: string): Stretch[] {
  const stretches = stretchesOf(db, chat);
  for (const [n, stretch] of stretches.entries()) {
    const row = rowIn(db, stretch, before)?.rowid;
    if (row !== undefined) return [{ ...stretch, end: row }, ...stretches.slice(n + 1)];
  }
  // It is no whole id: a part of one is looked for in all that was said.
  return stretchesBefore(db, marks, chat, messageIn(messagesOf(db, marks, chat), before).id);
}

/**
 * The chat that holds a message, which of a fork may be one of those before it, and the message's whole id; of the last message
 * where none is named, and undefined where nothing was said. Throws `chat.not-found`.
 */
export function placeOf(
  db: Database,
  marks: LineMarks,
  chat: ChatRow,
  named: string | undefined,
): { chat: string; message: string } | undefined {
  const id = named ?? pageOf(db, marks, chat, { limit: 1 }).messages[0]?.id;
  if (id === undefined) return undefined;
  for (const stretch of stretchesOf(db, chat)) {
    const record = rowIn(db, stretch, id)?.record;
    const found = record === undefined ? undefined : messageOf(db, marks, JSON.parse(record) as MemoryRecord);
    if (found) return { chat: found.chat, message: id };
  }
  // As above: a part of an id.
  return placeOf(db, marks, chat, messageIn(messagesOf(db, marks, chat), id).id);
}

const rowIn = (db: Database, stretch: Stretch, id: string): { rowid: number; record: string } | undefined =>
  db.prepare(`SELECT rowid, record FROM memories WHERE id = :id AND ${within}`).get({ ...stretch, id }) as
    | { rowid: number; record: string }
    | undefined;

/** Messages of a stretch from its last on, as far as they are asked for. */
function* backwards(
  db: Database,
  marks: LineMarks,
  stretch: Stretch,
): Generator<{ row: number; message: ChatMessage }> {
  const read = db.prepare(latestSql);
  for (let { end } = stretch; ; ) {
    const rows = read.all({ ...stretch, end }) as { rowid: number; record: string }[];
    for (const { rowid, record } of rows) {
      const message = messageOf(db, marks, JSON.parse(record) as MemoryRecord)?.message;
      if (message) yield { row: rowid, message };
      end = rowid;
    }
    if (rows.length < batchMax) return;
  }
}

const counted = (db: Database, stretch: Stretch): { messages: number; lastMs: number } =>
  db.prepare(countSql).get({ ...stretch }) as { messages: number; lastMs: number };
