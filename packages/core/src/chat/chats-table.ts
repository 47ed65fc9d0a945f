import { type ChatAct, chatSay } from "@mh/contract/chat.ts";
import { once } from "@mh/contract/once.ts";
import { type Effect, isReading } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { skillName } from "../kernel/registry.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { approvalOf } from "../kernel/state.ts";
import type { TableSet } from "../kernel/tables.ts";
import type { Database } from "../ports/database.ts";

/** The planner: the model's calls are its commands, never the owner's. */
export const chatPrincipal: Principal = "module:chat";

const schema = `
CREATE TABLE chats (
  id TEXT PRIMARY KEY, ms INTEGER NOT NULL, title TEXT, forked_from TEXT, through TEXT,
  forgotten INTEGER NOT NULL DEFAULT 0, pinned INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE chat_acts (
  id TEXT PRIMARY KEY, chat TEXT NOT NULL, turn TEXT NOT NULL, skill TEXT NOT NULL, status TEXT NOT NULL, effect TEXT NOT NULL,
  heard INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX chat_acts_turn ON chat_acts (turn);
CREATE INDEX chat_acts_unheard ON chat_acts (chat) WHERE heard = 0;
`;

/** What a `chat` record says. A title is an object, so that it can be erased. */
const chatBodySchema = once(() =>
  z.discriminatedUnion("what", [
    z.object({ what: z.literal("start"), forkedFrom: z.string().optional(), through: z.string().optional() }),
    z.object({ what: z.literal("rename") }),
    z.object({ what: z.literal("forget") }),
    z.object({ what: z.literal("pin"), isPinned: z.boolean() }),
  ]),
);
export type ChatBody = z.infer<ReturnType<typeof chatBodySchema>>;

export interface ChatRow {
  id: string;
  ms: number;
  /** Object that holds its name. */
  title: string | null;
  forked_from: string | null;
  /** The last message of the other chat that it has. */
  through: string | null;
  forgotten: 0 | 1;
  pinned: 0 | 1;
}

/** The chats, and what was done in them, folded from the journal. What was said in them is memory. */
export const chatTables: TableSet = {
  name: "chats",
  version: 4,
  schema,
  gives: { chats: "nothing", chat_acts: "nothing" },
  folds: {
    chat: foldChat,
    intent: (db, entry) => foldAct(db, entry, "begun"),
    deny: (db, entry) => foldAct(db, entry, "denied"),
    ask: (db, entry) => foldAct(db, entry, "waiting"),
    outcome(db, entry) {
      foldAct(db, entry, entry.outcome?.status ?? "done");
      foldAnswer(db, entry);
    },
  },
  objects: ["SELECT title FROM chats WHERE title IS NOT NULL"],
};

function foldChat(db: Database, { ref, objects, body }: Entry, now: number): void {
  const parsed = chatBodySchema().parse(body);
  const title = objects?.[0] ?? null;
  if (parsed.what === "rename") return void db.prepare("UPDATE chats SET title = ? WHERE id = ?").run(title, ref);
  if (parsed.what === "pin")
    return void db.prepare("UPDATE chats SET pinned = ? WHERE id = ?").run(parsed.isPinned ? 1 : 0, ref);
  // Its row stays for the chats that begin as it.
  if (parsed.what === "forget")
    return void db.prepare("UPDATE chats SET title = NULL, forgotten = 1 WHERE id = ?").run(ref);
  const { forkedFrom = null, through = null } = parsed;
  const sql = "INSERT OR REPLACE INTO chats (id, ms, title, forked_from, through) VALUES (?, ?, ?, ?, ?)";
  db.prepare(sql).run(ref, now, title, forkedFrom, through);
}

/** The planner's commands, each with the turn that caused it. */
function foldAct(db: Database, entry: Entry, status: string): void {
  const { id, principal, task, cause, skill, request } = entry;
  if (principal !== chatPrincipal || !skill) return;
  const effect = request?.[0]?.effect ?? "read";
  const known = db.prepare("UPDATE chat_acts SET status = ? WHERE id = ?").run(status, id);
  if (known.changes > 0 || !task || !cause) return;
  const sql = "INSERT INTO chat_acts (id, chat, turn, skill, status, effect) VALUES (?, ?, ?, ?, ?, ?)";
  db.prepare(sql).run(id, task, cause, skillName(skill), status, effect);
}

/** An answer was kept: its turn showed the model everything that had ended by then. */
function foldAnswer(db: Database, { skill, outcome, body }: Entry): void {
  if (!skill || skillName(skill) !== chatSay.name || outcome?.status !== "done") return;
  const subjects = (body?.subjects ?? []) as string[];
  const chat = subjects.find((subject) => subject.startsWith("chat:"))?.slice("chat:".length);
  if (chat === undefined || !subjects.some((subject) => subject.startsWith("memory:"))) return;
  for (const row of unheardActs(db, chat)) {
    const status = statusOf(db, row);
    if (status === "begun" || status === "waiting") continue;
    db.prepare("UPDATE chat_acts SET heard = 1 WHERE id = ?").run(row.id);
  }
}

const chats: Named = {
  ...{ from: "chats", column: "id", code: "chat.not-found", one: "chat", many: "chats", list: "mh chat list" },
};

/** A chat by its id, or by a beginning or an end of it. Throws `chat.not-found`. */
export function chatRow(db: Database, id: string): ChatRow {
  const row = wholeChatRow(db, idNamed(db, chats, id));
  if (!row.forgotten) return row;
  throw new Fault("chat.not-found", `The chat ${id} was forgotten. \`mh chat list\` shows those that there are.`);
}

/** The same by its whole id, also where it was forgotten. */
export const wholeChatRow = (db: Database, id: string): ChatRow =>
  db.prepare("SELECT * FROM chats WHERE id = ?").get(id) as ChatRow;

export const chatRows = (db: Database): ChatRow[] =>
  db.prepare("SELECT * FROM chats WHERE forgotten = 0 ORDER BY ms DESC").all() as ChatRow[];

export interface ActRow {
  id: string;
  turn: string;
  skill: string;
  /** As its own records have it; `statusOf` knows what became of a request. */
  status: ChatAct["status"];
  effect: Effect;
}

/** That a model was asked is how a turn works, and nothing that it did. */
const isAct = "skill <> 'llm.generate'";

/** What the log knows of what a turn did, in the order in which it was begun. */
export function actsOf(db: Database, turn: string): ChatAct[] {
  const sql = `SELECT id, turn, skill, status, effect FROM chat_acts WHERE turn = ? AND ${isAct} ORDER BY rowid`;
  const rows = db.prepare(sql).all(turn) as ActRow[];
  return rows.map((row) => actOf(db, row));
}

/** What the log knows of one act. */
export const actOf = (db: Database, row: ActRow): ChatAct => ({
  ...{ command: row.id, skill: row.skill, changes: !isReading(row.effect) },
  status: statusOf(db, row),
});

/** What was begun in a chat and is in no answer yet. */
export function unheardActs(db: Database, chat: string): ActRow[] {
  const sql = `SELECT id, turn, skill, status, effect FROM chat_acts WHERE chat = ? AND heard = 0 AND ${isAct}
    ORDER BY rowid`;
  return db.prepare(sql).all(chat) as ActRow[];
}

/** Models elsewhere that a chat would ask, and that wait for the owner's approval. */
export function waitingToLeave(db: Database, chat: string): ChatAct[] {
  const sql = `SELECT id, turn, skill, status, effect FROM chat_acts WHERE chat = ? AND status = 'waiting' AND NOT (${isAct})`;
  const rows = db.prepare(sql).all(chat) as ActRow[];
  return rows.map((row) => actOf(db, row)).filter(({ status }) => status === "waiting");
}

/** The chat that an act belongs to; undefined where it is none of a planner's. */
export function chatOfAct(db: Database, id: string): string | undefined {
  const row = db.prepare("SELECT chat FROM chat_acts WHERE id = ?").get(id) as { chat: string } | undefined;
  return row?.chat;
}

/** How an act stands: a request is closed without a record of the command's own. */
export function statusOf(db: Database, { id, status }: Pick<ActRow, "id" | "status">): ChatAct["status"] {
  if (status !== "waiting") return status;
  const answered = approvalOf(db, id)?.status;
  return answered === "expired" ? "expired" : answered === "open" || answered === "approved" ? "waiting" : "refused";
}
