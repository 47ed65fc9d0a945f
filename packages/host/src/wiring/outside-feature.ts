import { Fault } from "@mh/contract/values/fault.ts";
import type { SecretStoreKind } from "@mh/contract/values/secret-store.ts";
import { quietUntil } from "@mh/core/agents/scheduler/quiet-hours.ts";
import { calendarSettings } from "@mh/core/calendar/settings.ts";
import { defineFeature } from "@mh/core/feature.ts";
import type { CommandContext } from "@mh/core/kernel/skill.ts";
import { mailSettings } from "@mh/core/mail/settings.ts";
import { heldNotices, noticeTables } from "@mh/core/notify/notices-table.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { secretSettings } from "@mh/core/secrets/settings.ts";
import { calendarFiles } from "./calendar-files.ts";
import { desktopOf } from "./desktop.ts";
import type { HomeParts } from "./home-parts.ts";
import { lateDisk } from "./late-disk.ts";
import { latePrograms } from "./late-programs.ts";
import { outsideSkills } from "./outside-skills.ts";

/** The world outside the home: mail, calendars, feeds, the web, the disk, programs, notifications, secrets. */
export const outsideFeature = defineFeature<HomeParts>({
  name: "outside",
  tables: [noticeTables],
  settings: [mailSettings, calendarSettings, notifySettings, secretSettings],
  install(parts) {
    const { act, ca, clock, closed, config, crypto, environment, executor, http } = parts;
    const { reader, readObject, redact, secrets, timeZone } = parts;
    const isQuiet = () => quietUntil(config().quietHours, timeZone(), clock.now()) !== undefined;
    return {
      skills: outsideSkills({
        ...{ crypto, http, secrets, reader, readObject, redact, timeZone },
        chooseStore: (store, context) => chooseStore(act, store, context),
        desktop: desktopOf(environment),
        disk: lateDisk([...closed]),
        programs: latePrograms(executor, [...closed]),
        mail: async () => (await import("../adapters/node-mail.ts")).nodeMail({ ca }),
        calendarFiles: calendarFiles(parts),
      }),
      maintenance: [
        { skill: "notify.flush", everyMs: 5 * 60_000, isDue: () => heldNotices(reader).length > 0 && !isQuiet() },
      ],
    };
  },
});

async function chooseStore(act: HomeParts["act"], store: SecretStoreKind, context: CommandContext): Promise<void> {
  const { principal, commandId } = context;
  const args = { name: "secrets.store", value: store };
  const chosen = await act({ principal, skill: "config.set", args, cause: commandId });
  if (chosen.status === "failed") throw new Fault(chosen.fault.code, chosen.fault.message);
  const next = `\`mh config set secrets.store ${store}\`, then try again`;
  if (chosen.status !== "done")
    throw new Fault("secret.failed", `The setting was not changed (${chosen.status}). ${next}.`);
}
