import { chatForget } from "@mh/contract/chat.ts";
import { always, defineOwn } from "../kernel/skill.ts";
import { type ForgetDeps, forgetWhole } from "../memory/skills/forget.ts";
import { memory } from "../memory/store.ts";
import { type ChatBody, chatRow } from "./chats-table.ts";
import { ownMessages } from "./messages.ts";

/** Forgets everything that was said in a chat, and its name, as `memory.forget` does for one memory. A fork keeps what is its own. */
export function forgetChatSkill(deps: ForgetDeps) {
  return defineOwn(chatForget, {
    classify: always("destroy", "medium"),
    stored: "kept",
    // By its last message: what was said has no place in what is kept of the approval.
    async pin({ chat }, { db }) {
      const { id } = chatRow(db, chat);
      const messages = ownMessages(db, deps, id);
      return {
        pins: [{ argument: "chat", what: id, hash: `${messages.length} through ${messages.at(-1)?.id ?? "none"}` }],
      };
    },
    async prepare({ chat }, { db }) {
      chatRow(db, chat);
    },
    apply({ chat }, { tx, commandId, principal, note }) {
      const { id, title } = chatRow(tx.db, chat);
      const messages = ownMessages(tx.db, deps, id);
      const removed: Record<string, number> = {};
      for (const message of messages)
        forgetWhole(tx, deps, commandId, memory(tx.db, message.id), (more) => {
          for (const [cmd, lines] of Object.entries(more.removed ?? {})) removed[cmd] = (removed[cmd] ?? 0) + lines;
        });
      note({ removed });
      // Two chats of the same title have one object.
      const others = tx.db.prepare("SELECT 1 FROM chats WHERE title = ? AND id <> ?").get(title, id);
      if (title !== null && others === undefined) tx.eraseObject(title);
      const body: ChatBody = { what: "forget" };
      tx.append({ phase: "chat", id: commandId, ref: id, principal, body });
      return { id, messages: messages.length };
    },
  });
}
