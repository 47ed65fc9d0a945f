import type { Urgency } from "@mh/contract/values/notification.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import type { Channel } from "@mh/core/ports/channel.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { bearer, expectTaken, limits } from "./answer.ts";
import { cut } from "./cut.ts";

const priorities: Record<Urgency, number> = { low: 2, normal: 3, high: 4 };

/** An ntfy server, published to as JSON (https://docs.ntfy.sh/publish/#publish-as-json): no text stands in a header. */
export function ntfyChannel({ http, secrets }: { http: Http; secrets: Secrets }): Channel {
  return {
    name: "ntfy",
    missing: (config) => (notifySettings.of(config).ntfy ? undefined : "config.yaml has no notify.ntfy"),
    async deliver({ title, body, urgency, url }, { config, signal }) {
      const { ntfy } = notifySettings.of(config);
      if (!ntfy) return [];
      const message = {
        topic: ntfy.topic,
        title,
        // Longer ones would arrive as an attachment.
        message: cut(body || title, 4000),
        priority: priorities[urgency],
        ...(url && { click: url }),
      };
      const headers = {
        "content-type": "application/json",
        ...(ntfy.secret && { authorization: await bearer(secrets, ntfy.secret) }),
      };
      const sent = { method: "POST", url: ntfy.url, headers, body: JSON.stringify(message) } as const;
      expectTaken("ntfy", await http.request({ ...sent, reach: "any", signal, ...limits }), ntfy.secret);
      return [{ channel: "ntfy", how: "sent" }];
    },
  };
}
