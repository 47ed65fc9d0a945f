import { chatAllow, chatFork, chatKeep, chatList, chatPin, chatRename, chatStart } from "@mh/contract/chat.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Transaction } from "../journal/transaction.ts";
import { ownersOnly } from "../kernel/owners-only.ts";
import { defineAdmin, defineOwn, defineQuery } from "../kernel/skill.ts";
import { liveGrants } from "../kernel/state.ts";
import { chatSource } from "../memory/chat-source.ts";
import type { LineMarks } from "../memory/hand-written.ts";
import { linesWrittenBy } from "../memory/read-lines.ts";
import { type CaptureDeps, type Extractor, knownPeople } from "../memory/skills/capture.ts";
import { store } from "../memory/store.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type ChatBody, type ChatRow, chatPrincipal, chatRow, chatRows } from "./chats-table.ts";
import { beginningOf, citesLink, firstMessage, sessionOf } from "./messages.ts";
import { countOf, placeOf } from "./pages.ts";
import { askingSkill, decidingSkill, instructionSkills, usualSkills } from "./rights.ts";

export interface ChatDeps extends LineMarks {
  crypto: Crypto;
  readObject: (name: string) => string | undefined;
}

export function startChatSkill() {
  return defineOwn(chatStart, {
    stored: "kept",
    apply({ title }, { tx, commandId, principal }) {
      append(tx, { id: commandId, ref: commandId, principal }, { what: "start" }, title);
      return { id: commandId };
    },
  });
}

export function renameChatSkill() {
  return defineOwn(chatRename, {
    stored: "kept",
    apply({ chat, title }, { tx, commandId, principal }) {
      const { id } = chatRow(tx.db, chat);
      append(tx, { id: commandId, ref: id, principal }, { what: "rename" }, title);
      return { id };
    },
  });
}

export function pinChatSkill() {
  return defineOwn(chatPin, {
    stored: "kept",
    apply({ chat, isPinned }, { tx, commandId, principal }) {
      const { id } = chatRow(tx.db, chat);
      append(tx, { id: commandId, ref: id, principal }, { what: "pin", isPinned });
      return { id };
    },
  });
}

export function forkChatSkill(deps: ChatDeps) {
  return defineOwn(chatFork, {
    stored: "kept",
    apply({ chat, through, title }, { tx, commandId, principal }) {
      const row = chatRow(tx.db, chat);
      // A fork of a fork may leave out the middle one.
      const last = placeOf(tx.db, deps, row, through);
      const body: ChatBody = { what: "start", ...(last && { forkedFrom: last.chat, through: last.message }) };
      append(tx, { id: commandId, ref: commandId, principal }, body, title);
      return { id: commandId };
    },
  });
}

/** The record of a chat; its name is an object, so that it can be erased. */
function append(tx: Transaction, given: Pick<Entry, "id" | "ref" | "principal">, body: ChatBody, title?: string): void {
  const objects = title === undefined ? {} : { objects: [tx.object(utf8.encode(title))] };
  tx.append({ phase: "chat", ...given, ...objects, body });
}

export const viewOf = (db: Database, deps: ChatDeps, row: ChatRow) => ({
  id: row.id,
  title: (row.title === null ? undefined : deps.readObject(row.title)) ?? beginningOf(firstMessage(db, deps, row)),
  begunAt: new Date(row.ms).toISOString(),
  forkedFrom: row.forked_from,
  isPinned: row.pinned === 1,
});

export function listChatsSkill(deps: ChatDeps) {
  return defineQuery(chatList, {
    run({ limit }, { db }) {
      const counted = chatRows(db).map((row) => {
        const { messages, lastMs } = countOf(db, row);
        // A fork is younger than what it has of another chat.
        return { row, messages, lastMs: Math.max(row.ms, lastMs) };
      });
      const latest = counted.toSorted((a, b) => b.row.pinned - a.row.pinned || b.lastMs - a.lastMs).slice(0, limit);
      return {
        chats: latest.map(({ row, messages, lastMs }) => ({
          ...viewOf(db, deps, row),
          ...{ messages, lastAt: new Date(lastMs).toISOString() },
        })),
      };
    },
  });
}

/** Keeps what was said as a memory of the chat's session: the owner's words as theirs, an answer as an artifact of the chat's. */
export function keepChatSkill(deps: CaptureDeps) {
  return defineOwn(chatKeep, {
    stored: {
      recall(db, commandId) {
        const [line] = linesWrittenBy(db, deps, commandId);
        if (line?.op !== "put") return undefined;
        return { id: line.id, chat: (line.session ?? "").slice(sessionOf("").length) };
      },
    },
    async prepare({ text }, { db }) {
      const known = knownPeople(db);
      const extract = await deps.extractor({ text, known });
      return extract(text, { at: new Date(deps.clock.now()), timeZone: deps.timeZone(), known });
    },
    apply({ chat, text, isAnswer, cited = [] }, { tx, commandId, principal, now }, found: ReturnType<Extractor>) {
      // Whoever else wrote here would speak as the owner.
      ownersOnly(principal, chatKeep.name);
      const { id } = chatRow(tx.db, chat);
      const record = store(tx, deps, commandId, {
        ...found,
        ...(isAnswer
          ? { kind: "artifact", speaker: "mh", origins: [chatPrincipal] }
          : { kind: "episodic", origins: ["owner"] }),
        ...{ content: text, at: new Date(now).toISOString(), session: sessionOf(id), source: chatSource },
        links: cited.map((to) => ({ type: citesLink, to })),
      });
      return { id: record.id, chat: id };
    },
  });
}

/** With models, which need a grant for their host where they are elsewhere: agents that it delegates to ask them for it. */
const allowedSkills = [...usualSkills, ...instructionSkills, decidingSkill, askingSkill];

/** Grants the usual skills at once, each where there is no such grant yet. */
export function allowChatSkill({ crypto }: Pick<ChatDeps, "crypto">) {
  return defineAdmin(chatAllow, {
    stored: "kept",
    apply(_args, { tx, commandId, principal, now }) {
      for (const skill of allowedSkills) {
        const known = liveGrants(tx.db, chatPrincipal, skill, undefined, now);
        if (known.some(({ task }) => task === null)) continue;
        const body = { principal: chatPrincipal, skill, scope: {} };
        tx.append({ phase: "grant", id: commandId, ref: crypto.id(), principal, body });
      }
      return { skills: [...allowedSkills] };
    },
  });
}
