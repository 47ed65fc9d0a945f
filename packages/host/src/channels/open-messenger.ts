import { Fault } from "@mh/contract/values/fault.ts";
import type { MessengerName } from "@mh/contract/values/messenger.ts";
import { expectBot } from "@mh/core/channels/codes.ts";
import type { OpenMessenger } from "@mh/core/channels/listen.ts";
import type { Bot } from "@mh/core/channels/settings.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Messenger } from "@mh/core/ports/messenger.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";

/** The messenger of the settings, from ports held to what the command may touch. Its library is loaded at first use. */
export function messengers({ http, secrets }: { http: Http; secrets: Pick<Secrets, "read"> }): OpenMessenger {
  return async (channel, config) => {
    const bot = expectBot(config, channel);
    return open[channel]({ ...bot, token: (await secrets.read(bot.secret)).trim() }, http);
  };
}

type Given = Bot & { token: string };

/** A messenger more is an adapter, and a line here. */
const open: Record<MessengerName, (given: Given, http: Http) => Promise<Messenger>> = {
  async telegram({ token, secret, server }, http) {
    if (!/^\d+:[\w-]+$/.test(token))
      throw new Fault(
        "channel.failed",
        `The secret ${secret} is no bot's token. \`mh secret set ${secret}\` corrects it.`,
      );
    return (await import("./telegram.ts")).telegram({ token, server }, http);
  },
};
