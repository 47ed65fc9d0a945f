import type { MessengerName } from "@mh/contract/values/messenger.ts";
import type { OpenMessenger } from "@mh/core/channels/listen.ts";
import type { Paired } from "@mh/core/channels/paired.ts";
import { botOf } from "@mh/core/channels/settings.ts";
import type { Channel, Delivery } from "@mh/core/ports/channel.ts";
import { MessengerTrouble } from "@mh/core/ports/messenger.ts";
import { cut } from "./cut.ts";

/** Notifications to every device that is paired by a messenger. */
export function messengerChannel(name: MessengerName, open: OpenMessenger, paired: () => Paired[]): Channel {
  return {
    name,
    missing(config) {
      if (!botOf(config, name)) return `no bot of ${name} is set up: mh help phone`;
      return paired().length > 0 ? undefined : `nothing is paired; \`mh channel pair ${name}\` pairs a phone`;
    },
    async deliver({ title, body, url }, { config, signal }) {
      const messenger = await open(name, config);
      const { id } = await messenger.self(signal);
      const text = cut([title, body, url].filter(Boolean).join("\n"), messenger.textMax);
      const tries = paired().map(async ({ device, place }): Promise<Delivery> => {
        const to = { channel: name, device: device.name } as const;
        if (place.bot !== id) return { ...to, how: "failed", why: "It was paired with another bot. Pair it again." };
        try {
          await messenger.send(place.chat, { text }, signal);
          return { ...to, how: "sent" };
        } catch (error) {
          if (!(error instanceof MessengerTrouble)) throw error;
          return { ...to, how: "failed", why: error.message };
        }
      });
      return Promise.all(tries);
    },
  };
}
