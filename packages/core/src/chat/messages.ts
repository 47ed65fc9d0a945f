import type { ChatMessage } from "@mh/contract/chat.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { commandRow } from "../kernel/state.ts";
import { chatSource } from "../memory/asked-in-chat.ts";
import { isByCommand, type LineMarks } from "../memory/hand-written.ts";
import type { Database } from "../ports/database.ts";
import { actsOf, type ChatRow, chatPrincipal, wholeChatRow } from "./chats-table.ts";

/** Links an answer to a memory that it rests on. */
export const citesLink = "source";
export const sessionOf = (chat: string): string => `chat:${chat}`;

/** Chats that begin as another, one after the other. */
const forksMax = 100;

/** Everything that was said in a chat, the earliest first; of a fork, what was said before it as well. */
export function messagesOf(db: Database, marks: LineMarks, chat: ChatRow): ChatMessage[] {
  const parts: ChatMessage[][] = [ownMessages(db, marks, chat.id)];
  let at: ChatRow = chat;
  for (let depth = 0; at.forked_from !== null && depth < forksMax; depth += 1) {
    const { through } = at;
    at = wholeChatRow(db, at.forked_from);
    const messages = ownMessages(db, marks, at.id);
    const last = messages.findIndex(({ id }) => id === through);
    // The last one may be forgotten by now: what came before it stays, by the order in which ids are made.
    parts.unshift(
      last === -1 ? messages.filter(({ id }) => through !== null && id < through) : messages.slice(0, last + 1),
    );
  }
  return parts.flat();
}

/** How many messages a chat has, those before a fork as well, and when the last one of its own came; none of them is read. */
export function countOf(db: Database, { id, forked_from, through }: ChatRow): { messages: number; lastMs: number } {
  const { messages: own, lastMs } = counted(db, id, null);
  let messages = own;
  let [parent, last] = [forked_from, through];
  for (let depth = 0; parent !== null && depth < forksMax; depth += 1) {
    messages += counted(db, parent, last).messages;
    const row = wholeChatRow(db, parent);
    [parent, last] = [row.forked_from, row.through];
  }
  return { messages, lastMs };
}

function counted(db: Database, chat: string, through: string | null): { messages: number; lastMs: number } {
  const sql = `SELECT count(*) AS messages, coalesce(max(at_ms), 0) AS lastMs FROM memories
    WHERE session = :session AND source = :source AND (:through IS NULL OR id <= :through)
      AND (NOT EXISTS (SELECT 1 FROM json_each(record, '$.origins') WHERE value <> 'owner')
        OR EXISTS (SELECT 1 FROM json_each(record, '$.origins') WHERE value = :chat))`;
  return db.prepare(sql).get({ session: sessionOf(chat), source: chatSource, through, chat: chatPrincipal }) as {
    messages: number;
    lastMs: number;
  };
}

/** Lines of others that may stand before the first of a chat's own. */
const beginningMax = 20;

/** What was said first in a chat; undefined where nothing was. */
export function firstMessage(db: Database, marks: LineMarks, { id, forked_from }: ChatRow): ChatMessage | undefined {
  const before = forked_from === null ? undefined : firstMessage(db, marks, wholeChatRow(db, forked_from));
  return before ?? ownMessages(db, marks, id, beginningMax)[0];
}

/**
 * What a chat itself holds. Anyone may file a memory under its session: only what the owner or the chat said, by a command, is
 * part of it.
 */
export function ownMessages(db: Database, marks: LineMarks, chat: string, limit = -1): ChatMessage[] {
  const sql = "SELECT record FROM memories WHERE session = ? AND source = ? ORDER BY rowid LIMIT ?";
  const rows = db.prepare(sql).all(sessionOf(chat), chatSource, limit) as { record: string }[];
  return rows.flatMap(({ record }) => {
    const memory = JSON.parse(record) as MemoryRecord;
    const by = speakerOf(memory);
    if (!by || !isByCommand(db, marks, memory)) return [];
    const { id, at, content: text, origins, cmd, links } = memory;
    const turn = (by === "chat" && commandRow(db, cmd)?.cause) || null;
    const cited = links.filter(({ type }) => type === citesLink).map(({ to }) => to);
    return [{ id, at, by, text, origins, turn, acts: turn ? actsOf(db, turn) : [], cited }];
  });
}

function speakerOf({ origins }: MemoryRecord): ChatMessage["by"] | undefined {
  if (origins.every((origin) => origin === "owner")) return "owner";
  return origins.includes(chatPrincipal) ? "chat" : undefined;
}

/** What the owner wrote in a chat, whole: the words of its task. */
export const ownersWords = (messages: readonly ChatMessage[]): string =>
  messages
    .filter(({ by }) => by === "owner")
    .map(({ text }) => text)
    .join("\n\n");

/** A message of a chat by its id. Throws `chat.not-found`. */
export function messageIn(messages: readonly ChatMessage[], id: string): ChatMessage {
  const found = messages.filter((each) => each.id === id || each.id.endsWith(id) || each.id.startsWith(id));
  if (found.length === 1 && found[0] && id.length >= 4) return found[0];
  throw new Fault("chat.not-found", `The chat has no message ${id}. \`mh chat show\` shows those that it has.`);
}

/** How a chat begins, where it was given no name. */
export function beginningOf(first: ChatMessage | undefined): string | null {
  if (!first) return null;
  const line = first.text.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
