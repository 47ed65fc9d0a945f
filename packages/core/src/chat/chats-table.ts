import type { ChatAct } from "@mh/contract/chat.ts";
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
  id TEXT PRIMARY KEY, ms INTEGER NOT NULL, title TEXT, forked_from TEXT, through TEXT
);
CREATE TABLE chat_acts (
  id TEXT PRIMARY KEY, chat TEXT NOT NULL, turn TEXT NOT NULL, skill TEXT NOT NULL, status TEXT NOT NULL, effect TEXT NOT NULL
);
CREATE INDEX chat_acts_turn ON chat_acts (turn);
`;

/** What a `chat` record says. A title is an object, so that it can be erased. */
const chatBodySchema = z.discriminatedUnion("what", [
  z.object({ what: z.literal("start"), forkedFrom: z.string().optional(), through: z.string().optional() }),
  z.object({ what: z.literal("rename") }),
]);
export type ChatBody = z.infer<typeof chatBodySchema>;

export interface ChatRow {
  id: string;
  ms: number;
  /** Object that holds its name. */
  title: string | null;
  forked_from: string | null;
  /** The last message of the other chat that it has. */
  through: string | null;
}

/** The chats, and what was done in them, folded from the journal. What was said in them is memory. */
export const chatTables: TableSet = {
  name: "chats",
  version: 1,
  schema,
  gives: { chats: "nothing", chat_acts: "nothing" },
  folds: {
    chat: foldChat,
    intent: (db, entry) => foldAct(db, entry, "begun"),
    deny: (db, entry) => foldAct(db, entry, "denied"),
    ask: (db, entry) => foldAct(db, entry, "waiting"),
    outcome: (db, entry) => foldAct(db, entry, entry.outcome?.status ?? "done"),
  },
  objects: ["SELECT title FROM chats WHERE title IS NOT NULL"],
};

function foldChat(db: Database, { ref, objects, body }: Entry, now: number): void {
  const parsed = chatBodySchema.parse(body);
  const title = objects?.[0] ?? null;
  if (parsed.what === "rename") return void db.prepare("UPDATE chats SET title = ? WHERE id = ?").run(title, ref);
  const { forkedFrom = null, through = null } = parsed;
  db.prepare("INSERT OR REPLACE INTO chats VALUES (?, ?, ?, ?, ?)").run(ref, now, title, forkedFrom, through);
}

/** The planner's commands, each with the turn that caused it. */
function foldAct(db: Database, entry: Entry, status: string): void {
  const { id, principal, task, cause, skill, request } = entry;
  if (principal !== chatPrincipal || !skill) return;
  const effect = request?.[0]?.effect ?? "read";
  const known = db.prepare("UPDATE chat_acts SET status = ? WHERE id = ?").run(status, id);
  if (known.changes > 0 || !task || !cause) return;
  db.prepare("INSERT INTO chat_acts VALUES (?, ?, ?, ?, ?, ?)").run(id, task, cause, skillName(skill), status, effect);
}

const chats: Named = {
  ...{ from: "chats", column: "id", code: "chat.not-found", one: "chat", many: "chats", list: "mh chat list" },
};

/** A chat by its id, or by a beginning or an end of it. Throws `chat.not-found`. */
export const chatRow = (db: Database, id: string): ChatRow =>
  db.prepare("SELECT * FROM chats WHERE id = ?").get(idNamed(db, chats, id)) as ChatRow;

export const chatRows = (db: Database): ChatRow[] =>
  db.prepare("SELECT * FROM chats ORDER BY ms DESC").all() as ChatRow[];

/** What the log knows of what a turn did, in the order in which it was begun. */
export function actsOf(db: Database, turn: string): ChatAct[] {
  const sql = "SELECT id, skill, status, effect FROM chat_acts WHERE turn = ? ORDER BY rowid";
  const rows = db.prepare(sql).all(turn) as { id: string; skill: string; status: ChatAct["status"]; effect: string }[];
  return rows.map(({ id, skill, status, effect }) => ({
    ...{ command: id, skill, changes: effect !== "read" && effect !== "fetch" },
    status: status === "waiting" ? answerTo(db, id) : status,
  }));
}

/** What became of a request: it is closed without a record of the command's own. */
function answerTo(db: Database, id: string): ChatAct["status"] {
  const status = approvalOf(db, id)?.status;
  return status === "expired" ? "expired" : status === "open" || status === "approved" ? "waiting" : "refused";
}
