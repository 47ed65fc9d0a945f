import type { ChatMessage } from "@mh/contract/chat.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { commandRow } from "../kernel/state.ts";
import { chatSource } from "../memory/chat-source.ts";
import { isByCommand, type LineMarks } from "../memory/hand-written.ts";
import type { Database } from "../ports/database.ts";
import { actsOf, type ChatRow, chatPrincipal, wholeChatRow } from "./chats-table.ts";

/** Links an answer to a memory that it rests on. */
export const citesLink = "source";
export const sessionOf = (chat: string): string => `chat:${chat}`;

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
  return rows.flatMap(({ record }) => messageOf(db, marks, JSON.parse(record) as MemoryRecord)?.message ?? []);
}

/** What a memory is of a chat; undefined where it is no message of one. */
export function messageOf(
  db: Database,
  marks: LineMarks,
  memory: MemoryRecord,
): { chat: string; message: ChatMessage } | undefined {
  const by = speakerOf(memory);
  if (!by || !isByCommand(db, marks, memory)) return undefined;
  const { id, at, content: text, origins, cmd, links, session = "" } = memory;
  const turn = (by === "chat" && commandRow(db, cmd)?.cause) || null;
  const cited = links.filter(({ type }) => type === citesLink).map(({ to }) => to);
  const message = { id, at, by, text, origins, turn, acts: turn ? actsOf(db, turn) : [], cited };
  return { chat: session.slice(sessionOf("").length), message };
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
  const [head = ""] = first.text.trim().split(/\n/, 1);
  const line = head.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
