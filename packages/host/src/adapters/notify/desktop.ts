import { notifySettings } from "@mh/core/notify/settings.ts";
import type { Channel } from "@mh/core/ports/channel.ts";
import type { Desktop } from "@mh/core/ports/desktop.ts";
import { cut } from "./cut.ts";

/** The desktop that mh runs on. It is on by itself, and counts only where there is one. */
export function desktopChannel(desktop: Desktop): Channel {
  return {
    name: "desktop",
    missing: (config) =>
      notifySettings.of(config).desktop ? desktop.missing() : "notify.desktop is false in config.yaml",
    async deliver({ title, body, urgency, url }, { signal }) {
      const text = [body, url].filter(Boolean).join("\n");
      await desktop.show({ title: cut(title, 300), body: cut(text, 2000), urgency }, signal);
      return [{ channel: "desktop", how: "sent" }];
    },
  };
}
