import { type ChatMessage, type ChatUnderWay, chatShow, type ShownMessage } from "@mh/contract/chat.ts";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { defineQuery } from "../kernel/skill.ts";
import { commandRow } from "../kernel/state.ts";
import { chatSource } from "../memory/chat-source.ts";
import { memoryRow } from "../memory/project.ts";
import type { Database } from "../ports/database.ts";
import { type ChatDeps, viewOf } from "./chat-skills.ts";
import { actOf, actsOf, type ChatRow, chatPrincipal, chatRow, unheardActs, waitingToLeave } from "./chats-table.ts";
import { citationsOf } from "./citations.ts";
import { sessionOf } from "./messages.ts";
import { pageOf } from "./pages.ts";
import { sourcesOf } from "./sources.ts";
import type { TurnTrace } from "./turn-trace.ts";
import type { TurnsUnderWay } from "./under-way.ts";

/** A turn as it was kept with its run. Homes of before have less of it. */
type KeptTurn = Partial<ValueFor<"chat.say">>;

export function showChatSkill(deps: ChatDeps & { turns: TurnsUnderWay }) {
  return defineQuery(chatShow, {
    run({ chat, limit, before }, { db }) {
      const row = chatRow(db, chat);
      const { messages, earlier } = pageOf(db, deps, row, { limit, before });
      const turn = deps.turns.get(row.id);
      const working = turn?.signal.aborted ? undefined : turn?.trace;
      return {
        ...viewOf(db, deps, row),
        messages: messages.map((message) => shownMessage(db, deps, message)),
        earlier,
        underWay: working ? underWayOf(db, working) : null,
        unanswered: working
          ? null
          : unansweredIn(db, deps, row, before === undefined ? messages.at(-1) : lastOf(db, deps, row)),
      };
    },
  });
}

function shownMessage(db: Database, deps: ChatDeps, message: ChatMessage): ShownMessage {
  const { turn, text, cited } = message;
  const kept = turn === null ? undefined : keptTurn(db, deps, turn);
  const ids = new Set([...cited, ...(kept?.sources ?? []).map(({ id }) => id)]);
  const read = [...ids].flatMap((id) => memoryById(db, id));
  return {
    ...message,
    citations: citationsOf(text, read),
    sources: sourcesOf(read, text),
    model: kept?.model ?? null,
    end: kept?.end ?? null,
    made: kept?.made ?? null,
  };
}

function keptTurn(db: Database, { readObject }: ChatDeps, turn: string): KeptTurn | undefined {
  const value = commandRow(db, turn)?.value;
  const text = value ? readObject(value) : undefined;
  return text === undefined ? undefined : (JSON.parse(text) as KeptTurn);
}

function memoryById(db: Database, id: string): MemoryRecord[] {
  const row = memoryRow(db, id);
  return row ? [JSON.parse(row.record) as MemoryRecord] : [];
}

function underWayOf(db: Database, { turn, begunMs, doing, steps, spent }: TurnTrace): ChatUnderWay {
  return { turn, begunAt: new Date(begunMs).toISOString(), doing, steps, acts: actsOf(db, turn), spent };
}

/** What came to no answer after the last message; null where that is an answer, and nothing went wrong since. */
function unansweredIn(
  db: Database,
  deps: ChatDeps,
  { id: chat }: ChatRow,
  last: ChatMessage | undefined,
): ValueFor<"chat.show">["unanswered"] {
  const waiting = waitingToLeave(db, chat);
  const open = unheardActs(db, chat).filter(({ turn }) => !isAnswered(db, chat, turn));
  const acts = [...open.map((row) => actOf(db, row)), ...waiting];
  const turn = lastTurn(db, chat);
  const kept = turn === undefined ? undefined : keptTurn(db, deps, turn);
  if (turn !== undefined && (kept?.end === "failed" || kept?.end === "guard"))
    return { turn, end: waiting.length > 0 ? "waiting" : kept.end, text: kept.text ?? "", acts };
  if (last?.by !== "owner" || kept?.message === last.id) return null;
  return { turn: null, end: "cut-off", text: "", acts };
}

const lastOf = (db: Database, deps: ChatDeps, row: ChatRow): ChatMessage | undefined =>
  pageOf(db, deps, row, { limit: 1 }).messages.at(-1);

/** Whether a turn gave an answer that the chat still has. */
function isAnswered(db: Database, chat: string, turn: string): boolean {
  const sql = `SELECT 1 FROM commands c JOIN revisions r ON r.cmd = c.id JOIN memories m ON m.id = r.id AND m.rev = r.rev
    WHERE m.session = ? AND m.source = ? AND c.cause = ?
      AND EXISTS (SELECT 1 FROM json_each(m.record, '$.origins') WHERE value = ?) LIMIT 1`;
  return db.prepare(sql).get(sessionOf(chat), chatSource, turn, chatPrincipal) !== undefined;
}

/** The turn of a chat that ended last. */
function lastTurn(db: Database, chat: string): string | undefined {
  const sql = `SELECT c.id FROM kept_subjects k JOIN commands c ON c.id = k.cmd
    WHERE k.subject = ? AND c.skill LIKE 'chat.say@%' ORDER BY c.ended_ms DESC, c.rowid DESC LIMIT 1`;
  const row = db.prepare(sql).get(`chat:${chat}`) as { id: string } | undefined;
  return row?.id;
}
