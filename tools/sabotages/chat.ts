// Talking with a model: who speaks, what is shown while it is written, and how a turn ends.
import { core, type Sabotage, system } from "./sabotage.ts";

export const chatSabotages: readonly Sabotage[] = [
  {
    name: "any principal speaks in a chat as its owner",
    file: core("chat/chat-skills.ts"),
    find: "if (isOwner(principal)) return;",
    replace: "return;",
    test: system(
      "chat",
      "P1 nobody but the owner speaks in a chat: what others file under its session is no part of it",
    ),
  },
  {
    name: "what others file under a chat's session is said in it",
    file: core("chat/messages.ts"),
    find: 'return origins.includes(chatPrincipal) ? "chat" : undefined;',
    replace: 'return origins.includes(chatPrincipal) ? "chat" : "owner";',
    test: system(
      "chat",
      "P1 nobody but the owner speaks in a chat: what others file under its session is no part of it",
    ),
  },
  {
    name: "a turn that is gone on with does again what it did",
    file: core("chat/call-id.ts"),
    find: 'idOfHash(crypto, ["chat", this.#message,',
    replace: 'idOfHash(crypto, ["chat", crypto.id(), this.#message,',
    test: system("chat", "H24 what a turn did before it was cut off is not done again when it is gone on with"),
  },
  {
    name: "a watcher of other runs reads what is written",
    file: core("kernel/run.ts"),
    find: "...withoutText(progress) });",
    replace: "...progress });",
    test: system(
      "chat",
      "H24 the text comes while it is written, to those who began the turn and to no watcher of other runs",
    ),
  },
  {
    name: "STOP does not end an answer",
    file: core("chat/say.ts"),
    find: 'stopped.abort("STOP came while it ran")',
    replace: "undefined",
    test: system("chat", "H24 Ctrl-C and STOP end an answer that is being written, and the chat goes on where it was"),
  },
  {
    name: "a chat is sent to a model elsewhere without the owner's word",
    file: core("chat/say.ts"),
    find: "!isElsewhere(first) || chatSettings.of(config).cloud",
    replace: "true",
    test: system("chat", "S2 a model elsewhere is sent nothing of a chat until the owner says that it may be"),
  },
];
