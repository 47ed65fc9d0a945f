import {
  allowChatSkill,
  forkChatSkill,
  keepChatSkill,
  listChatsSkill,
  pinChatSkill,
  renameChatSkill,
  startChatSkill,
} from "@mh/core/chat/chat-skills.ts";
import { chatTables } from "@mh/core/chat/chats-table.ts";
import { forgetChatSkill } from "@mh/core/chat/forget-chat.ts";
import { chatsGoOn } from "@mh/core/chat/goes-on.ts";
import { saySkill } from "@mh/core/chat/say.ts";
import { searchChatsSkill } from "@mh/core/chat/search-chats.ts";
import { showChatSkill } from "@mh/core/chat/show-chat.ts";
import { chatToolsSkill } from "@mh/core/chat/tools.ts";
import type { TurnsUnderWay } from "@mh/core/chat/under-way.ts";
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
    const turns: TurnsUnderWay = new Map();
    return {
      services: [{ name: "chat", start: goesOn }],
      skills: [
        startChatSkill(),
        renameChatSkill(),
        pinChatSkill(),
        forkChatSkill(parts),
        forgetChatSkill(parts),
        listChatsSkill(parts),
        showChatSkill({ ...parts, turns }),
        searchChatsSkill(parts),
        keepChatSkill({ ...parts, extractor: loadExtractor }),
        allowChatSkill(parts),
        chatToolsSkill(parts),
        saySkill({ ...parts, turns, onStop, prompt: promptFiles(parts) }),
      ],
    };
  },
});
