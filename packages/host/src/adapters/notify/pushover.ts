import type { Urgency } from "@mh/contract/values/notification.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import type { Channel } from "@mh/core/ports/channel.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { expectTaken, limits } from "./answer.ts";
import { cut } from "./cut.ts";

const priorities: Record<Urgency, string> = { low: "-1", normal: "0", high: "1" };
const publicApi = "https://api.pushover.net";

/** Pushover (https://pushover.net/api): a form with the application's token and the owner's user key. */
export function pushoverChannel({ http, secrets }: { http: Http; secrets: Secrets }): Channel {
  return {
    name: "pushover",
    missing: (config) => (notifySettings.of(config).pushover ? undefined : "config.yaml has no notify.pushover"),
    async deliver({ title, body, urgency, url }, { config, signal }) {
      const { pushover } = notifySettings.of(config);
      if (!pushover) return [];
      const form = new URLSearchParams({
        token: (await secrets.read(pushover.secret)).trim(),
        user: pushover.user,
        title: cut(title, 250),
        message: cut(body || title, 1024),
        priority: priorities[urgency],
        // A longer address is refused, and with it the whole message.
        ...(url && url.length <= 512 && { url }),
      });
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const api = `${(pushover.url ?? publicApi).replace(/\/+$/, "")}/1/messages.json`;
      const sent = { method: "POST", url: api, headers, body: form.toString() } as const;
      const reach = pushover.url ? "any" : "public";
      expectTaken("Pushover", await http.request({ ...sent, reach, signal, ...limits }), pushover.secret);
      return [{ channel: "pushover", how: "sent" }];
    },
  };
}
