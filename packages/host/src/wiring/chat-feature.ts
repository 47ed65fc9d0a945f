import {
  allowChatSkill,
  forkChatSkill,
  keepChatSkill,
  listChatsSkill,
  renameChatSkill,
  showChatSkill,
  startChatSkill,
} from "@mh/core/chat/chat-skills.ts";
import { chatTables } from "@mh/core/chat/chats-table.ts";
import { forgetChatSkill } from "@mh/core/chat/forget-chat.ts";
import { chatsGoOn } from "@mh/core/chat/goes-on.ts";
import { saySkill } from "@mh/core/chat/say.ts";
import { chatToolsSkill } from "@mh/core/chat/tools.ts";
import { defineFeature } from "@mh/core/feature.ts";
import { loadExtractor } from "@mh/core/memory/language.ts";
import { watchStop } from "../home/watch-stop.ts";
import { promptFiles } from "../models/prompts.ts";
import type { HomeParts } from "./home-parts.ts";

/** Talking with a model whose every call is a command. */
export const chatFeature = defineFeature<HomeParts>({
  name: "chat",
  tables: [chatTables],
  install(parts) {
    const onStop = (listener: () => void) => watchStop(parts.root, listener);
    const goesOn = async () => {
      await using cleanup = new AsyncDisposableStack();
      cleanup.use(chatsGoOn(parts));
      return cleanup.move();
    };
    return {
      services: [{ name: "chat", start: goesOn }],
      skills: [
        startChatSkill(),
        renameChatSkill(),
        forkChatSkill(parts),
        forgetChatSkill(parts),
        listChatsSkill(parts),
        showChatSkill(parts),
        keepChatSkill({ ...parts, extractor: loadExtractor }),
        allowChatSkill(parts),
        chatToolsSkill(parts),
        saySkill({ ...parts, onStop, prompt: promptFiles(parts.root) }),
      ],
    };
  },
});
