import type { MessengerName } from "@mh/contract/values/messenger.ts";
import { z } from "zod";
import type { Config } from "../model/config.ts";
import { passwordlessUrl } from "../model/settings-values.ts";
import { defineSettings } from "../settings/section.ts";

/** A messenger's bot, as the settings name it. */
export interface Bot {
  /** What `mh secret set` keeps its token under, outside the home. */
  secret: string;
  server: { url: string; isOwn: boolean };
}

const schema = z
  .looseObject({
    secret: z.string().min(1).optional(),
    /** A Bot API server of the owner's own. */
    url: passwordlessUrl("a bot's token is a secret").optional(),
  })
  .prefault({});

export const telegramSettings = defineSettings("telegram", schema, { values: ["secret", "url"] });

const sections: Record<MessengerName, { section: typeof telegramSettings; url: string }> = {
  telegram: { section: telegramSettings, url: "https://api.telegram.org" },
};

/** The bot of a messenger; undefined where none is set up. */
export function botOf(config: Config, name: MessengerName): Bot | undefined {
  const { section, url: usual } = sections[name];
  const { secret, url } = section.of(config);
  return secret === undefined
    ? undefined
    : { secret, server: { url: (url ?? usual).replace(/(?<!\/)\/+$/, ""), isOwn: url !== undefined } };
}
