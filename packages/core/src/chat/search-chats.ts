import { chatSearch } from "@mh/contract/chat.ts";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { defineQuery } from "../kernel/skill.ts";
import { chatSource } from "../memory/chat-source.ts";
import { asIndexed, wordsAndSignsOf } from "../memory/search/search-text.ts";
import type { Database } from "../ports/database.ts";
import { type ChatDeps, viewOf } from "./chat-skills.ts";
import { chatRows } from "./chats-table.ts";
import { messageOf, sessionOf } from "./messages.ts";

type Found = ValueFor<"chat.search">["found"][number];

const pieceChars = 160;
/** More than are given: what others filed under a chat's session is no part of it. */
const sparesMax = 4;

/** Finds chats by their names, and messages by their words: all of them, the last as the beginning of one. */
export function searchChatsSkill(deps: ChatDeps) {
  return defineQuery(chatSearch, {
    run({ q, limit }, { db }) {
      const words = wordsAndSignsOf(q).map((word) => word.toLowerCase());
      if (words.length === 0) return { found: [] };
      const chats = new Map(chatRows(db).map((row) => [row.id, viewOf(db, deps, row)]));
      const named = [...chats.values()]
        .filter(({ title }) => title !== null && words.every((word) => title.toLowerCase().includes(word)))
        .map(
          ({ id, title, begunAt }): Found => ({
            ...{ chat: id, title, message: null, at: begunAt },
            ...{ by: "owner", text: title ?? "", origins: ["owner"] },
          }),
        );
      return { found: [...named, ...messagesWith(db, deps, chats, words, limit)].slice(0, limit) };
    },
  });
}

function messagesWith(
  db: Database,
  deps: ChatDeps,
  chats: ReadonlyMap<string, { title: string | null }>,
  words: readonly string[],
  limit: number,
): Found[] {
  const sql = `SELECT m.record FROM memory_text t JOIN memories m ON m.rowid = t.rowid
    WHERE memory_text MATCH ? AND m.source = ? AND m.session LIKE ? ORDER BY m.id DESC LIMIT ?`;
  const wanted = words.map((word, at) => `"${asIndexed(word)}"${at === words.length - 1 ? "*" : ""}`).join(" ");
  const rows = db.prepare(sql).all(wanted, chatSource, sessionOf("%"), limit * sparesMax) as { record: string }[];
  return rows.flatMap(({ record }) => {
    const found = messageOf(db, deps, JSON.parse(record));
    const chat = found && chats.get(found.chat);
    if (!found || !chat) return [];
    const { id, at, by, text, origins } = found.message;
    return [{ chat: found.chat, title: chat.title, message: id, at, by, text: pieceWith(text, words), origins }];
  });
}

/** The piece of a text that has the first of the words. */
function pieceWith(text: string, words: readonly string[]): string {
  const line = text.replace(/\s+/g, " ").trim();
  const at = Math.max(0, line.toLowerCase().indexOf(words[0] ?? ""));
  const from = Math.max(0, at - pieceChars / 3);
  const piece = line.slice(from, from + pieceChars).toWellFormed();
  return `${from > 0 ? "…" : ""}${piece}${from + pieceChars < line.length ? "…" : ""}`;
}
