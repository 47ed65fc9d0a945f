import { messengerNames } from "@mh/contract/values/messenger.ts";
import { botOf } from "@mh/core/channels/settings.ts";
import type { Config } from "@mh/core/model/config.ts";
import { findDaemon } from "../daemon/daemon-file.ts";
import type { Finding } from "./check-home.ts";

type Found = Omit<Finding, "what">;

/** What the settings say of messengers, and whether anybody listens. The messenger itself is asked by `mh channel doctor`. */
export function checkChannels(root: string, config: Config): Found[] {
  const set = messengerNames.flatMap((name) => {
    const bot = botOf(config, name);
    return bot ? [{ name, url: bot.server.url }] : [];
  });
  if (set.length === 0) return [{ level: "ok", message: "no messenger is set up" }];
  return set.map(({ name, url }) => {
    const plain = url.startsWith("http:") && !/^http:\/\/(localhost|127\.|\[::1\])/.test(url);
    if (plain)
      return {
        level: "warn",
        message: `${name} goes to ${new URL(url).host} without TLS: its token and your words are read on the way`,
        next: `mh config set ${name}.url https://…`,
      };
    if (!findDaemon(root))
      return {
        level: "warn",
        message: `${name} is set up, and no daemon runs: your phone is not heard`,
        next: "mh up",
      };
    return { level: "ok", message: `${name}, by ${new URL(url).host}; \`mh channel doctor\` asks it` };
  });
}
