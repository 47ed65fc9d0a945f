import { Answers } from "@mh/core/channels/answers.ts";
import { channelTables } from "@mh/core/channels/channels-table.ts";
import { joinSkill, pairSkill } from "@mh/core/channels/codes.ts";
import { cursorIn } from "@mh/core/channels/cursor.ts";
import { Desk } from "@mh/core/channels/desk.ts";
import { refuseSkill, takeSkill } from "@mh/core/channels/inbox.ts";
import { isNeeded } from "@mh/core/channels/is-needed.ts";
import { listChannelsSkill } from "@mh/core/channels/list.ts";
import { listenSkill, testSkill } from "@mh/core/channels/listen.ts";
import { pressSkill } from "@mh/core/channels/press-skill.ts";
import { sendSkill } from "@mh/core/channels/send.ts";
import { telegramSettings } from "@mh/core/channels/settings.ts";
import { defineFeature } from "@mh/core/feature.ts";
import { systemTimers } from "../adapters/system-timers.ts";
import { displays } from "../channels/open-display.ts";
import { messengers } from "../channels/open-messenger.ts";
import { type ChannelStates, channelService } from "../channels/service.ts";
import { raiseStop } from "../home/raise-stop.ts";
import type { HomeParts } from "./home-parts.ts";
import { outsideSkill } from "./outside-parts.ts";

/** A messenger as a way to the owner and back. */
export const channelsFeature = defineFeature<HomeParts>({
  name: "channels",
  tables: [channelTables],
  settings: [telegramSettings],
  install(parts) {
    const { clock, readObject, timeZone } = parts;
    const state: ChannelStates = new Map();
    const moment = (ms: number) =>
      new Date(ms).toLocaleString("en-GB", { timeZone: timeZone(), dateStyle: "medium", timeStyle: "short" });
    const deskDeps = { ...parts, raiseStop: () => raiseStop(parts.root) };
    const timeOfDay = (ms: number) =>
      new Date(ms).toLocaleTimeString("en-GB", { timeZone: timeZone(), timeStyle: "short" });
    const answers = new Answers({ ...deskDeps, moment, timeOfDay });
    const desk = new Desk({ ...deskDeps, showAgain: answers.showAgain });
    return {
      skills: [
        pairSkill(parts),
        joinSkill(parts),
        takeSkill(),
        refuseSkill(parts),
        listChannelsSkill({ readObject, stateOf: (channel) => state.get(channel) }),
        outsideSkill(parts, (given) => testSkill({ open: messengers(given) })),
        outsideSkill(parts, (given) =>
          listenSkill({
            ...{ open: messengers(given), timers: systemTimers, take: (...came) => desk.take(...came) },
            cursor: (channel) => cursorIn({ files: parts.files, clock }, channel),
            isNeeded: (channel) => isNeeded(parts, channel, clock.now()),
            report: (channel, words) => void state.set(channel, words),
          }),
        ),
        outsideSkill(parts, (given) =>
          sendSkill({ ...parts, open: displays(given), timers: systemTimers, following: answers.following }),
        ),
        outsideSkill(parts, () => pressSkill({ desk })),
      ],
      services: [channelService({ ...parts, answers, state })],
    };
  },
});
