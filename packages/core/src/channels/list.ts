import { channelList } from "@mh/contract/channels.ts";
import { displayNames, type MessengerName } from "@mh/contract/values/messenger.ts";
import { defineQuery } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { notifySettings } from "../notify/settings.ts";
import { refusalRows } from "./channels-table.ts";
import { isNeeded } from "./is-needed.ts";
import { pairedWith } from "./paired.ts";
import { botOf } from "./settings.ts";

export interface ListDeps {
  readObject: (name: string) => string | undefined;
  /** What the daemon is doing about a channel; undefined where no daemon runs here. */
  stateOf: (channel: MessengerName) => string | undefined;
}

export function listChannelsSkill({ readObject, stateOf }: ListDeps) {
  return defineQuery(channelList, {
    run(_args, { db, config, now }) {
      const channels = displayNames.map((channel) => {
        const devices = pairedWith({ db, readObject }, channel).map(({ device: { id, name, role, added_ms } }) => ({
          ...{ id, name, role, addedAt: new Date(added_ms).toISOString() },
        }));
        const refused = refusalRows(db)
          .filter((row) => row.channel === channel)
          .map(({ reason, count, last_ms }) => ({ reason, count, lastAt: new Date(last_ms).toISOString() }));
        if (channel === "webPush") return { channel, ...pushState(config), devices, refused };
        const isSetUp = botOf(config, channel) !== undefined;
        const isHeard = isNeeded({ reader: db, readObject }, channel, now);
        const idle = isHeard
          ? "not listening: no daemon runs (`mh up`)"
          : "not listening: nothing is paired (`mh channel pair`)";
        const state = isSetUp ? ((isHeard ? stateOf(channel) : undefined) ?? idle) : "not set up (`mh help phone`)";
        return { channel, isSetUp, state, devices, refused };
      });
      return { channels };
    },
  });
}

/** Nothing listens: a tap on a notification comes to the daemon by itself. */
function pushState(config: Config): { isSetUp: boolean; state: string } {
  const isSetUp = notifySettings.of(config).webPush.contact !== undefined;
  return { isSetUp, state: isSetUp ? "sends to browsers that subscribed" : "not set up (`mh help phone`)" };
}
