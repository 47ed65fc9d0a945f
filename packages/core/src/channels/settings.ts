import type { MessengerName } from "@mh/contract/values/messenger.ts";
import { z } from "zod";
import type { Config } from "../model/config.ts";
import { passwordlessUrl } from "../model/settings-values.ts";
import { defineSettings } from "../settings/section.ts";

/** The bot of a messenger. Its token is never written here: `secret` names what `mh secret set` keeps outside the home. */
const botSchema = z.looseObject({
  secret: z.string(),
  /** A Bot API server of the owner's own. */
  url: passwordlessUrl("a bot's token is a secret").optional(),
});
export type Bot = z.infer<typeof botSchema>;

/** Messengers that the owner talks with this home by. */
export const channelSettings = defineSettings(
  "channel",
  z.looseObject({ telegram: botSchema.optional() }).prefault({}),
  { values: ["telegram"] },
);

const publicUrls: Record<MessengerName, string> = { telegram: "https://api.telegram.org" };

export const botOf = (config: Config, name: MessengerName): Bot | undefined => channelSettings.of(config)[name];

/** Where the bot's server is; `isOwn`: the settings say so. */
export function serverOf({ url }: Bot, name: MessengerName): { url: string; isOwn: boolean } {
  return { url: (url ?? publicUrls[name]).replace(/\/+$/, ""), isOwn: url !== undefined };
}
