import { Fault } from "@mh/contract/values/fault.ts";
import { quietUntil } from "@mh/core/agents/scheduler/quiet-hours.ts";
import { type KeepDeps, keepCalendarSkill } from "@mh/core/calendar/calendar-keep.ts";
import { readCalendarSkill } from "@mh/core/calendar/calendar-read.ts";
import { writeCalendarSkill } from "@mh/core/calendar/calendar-write.ts";
import type { CalendarDeps } from "@mh/core/calendar/read-source.ts";
import { calendarSettings } from "@mh/core/calendar/settings.ts";
import { pushKeySkill } from "@mh/core/devices/device.ts";
import { listDiskSkill, readDiskSkill, writeDiskSkill } from "@mh/core/disk/disk.ts";
import { defineFeature } from "@mh/core/feature.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import { whyNotDone } from "@mh/core/kernel/why-not-done.ts";
import { deleteMailSkill } from "@mh/core/mail/mail-delete.ts";
import { draftMailSkill } from "@mh/core/mail/mail-draft.ts";
import { readMailSkill } from "@mh/core/mail/mail-read.ts";
import { sendMailSkill } from "@mh/core/mail/mail-send.ts";
import { triageMailSkill } from "@mh/core/mail/mail-triage.ts";
import { mailSettings } from "@mh/core/mail/settings.ts";
import { loadWhen } from "@mh/core/memory/language.ts";
import { heldNotifications, notificationTables } from "@mh/core/notify/notifications-table.ts";
import { flushNotificationsSkill, sendNotificationSkill } from "@mh/core/notify/notify.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import { runShellSkill } from "@mh/core/programs/shell-run.ts";
import {
  listSecretsSkill,
  moveSecretsSkill,
  removeSecretSkill,
  setSecretSkill,
  unlockSecretsSkill,
} from "@mh/core/secrets/secret.ts";
import { secretSettings } from "@mh/core/secrets/settings.ts";
import { readFeedSkill } from "@mh/core/web/feed-read.ts";
import { fetchWebSkill } from "@mh/core/web/web-fetch.ts";
import { vapidKeys } from "../adapters/notify/vapid.ts";
import { skillSecrets } from "../extensions/skill-secrets.ts";
import type { HomeParts } from "./home-parts.ts";
import { notifyChannels } from "./notify-channels.ts";
import { type OutsideParts, outsideSkill } from "./outside-parts.ts";

// The features that act on the world outside the home. Their skills are made from ports held to each one's contract.

export const mailFeature = defineFeature<HomeParts>({
  name: "mail",
  settings: [mailSettings],
  install(parts) {
    const outside = [readMailSkill, draftMailSkill, sendMailSkill, deleteMailSkill];
    return { skills: [...outside.map((make) => outsideSkill(parts, make)), triageMailSkill(parts)] };
  },
});

export const calendarFeature = defineFeature<HomeParts>({
  name: "calendar",
  settings: [calendarSettings],
  install(parts) {
    const calendar = (given: OutsideParts): CalendarDeps => ({
      ...given,
      files: given.calendarFiles,
      readWhen: loadWhen,
      caldav: async () => (await import("../adapters/caldav.ts")).openCaldav,
    });
    const file: KeepDeps["file"] = async (args, { principal, commandId, task = commandId }) => {
      const caused = { cause: commandId, task: { id: task, words: "" } };
      const outcome = await parts.act({ principal, skill: "memory.file", args, ...caused });
      if (outcome.status === "done") return outcome.value as Awaited<ReturnType<KeepDeps["file"]>>;
      throw new Fault(
        "calendar.failed",
        `What the calendar says was not kept: ${whyNotDone(outcome)} \`mh why ${outcome.id}\``,
      );
    };
    const { pause, reader } = parts;
    return {
      skills: [
        outsideSkill(parts, (given) => keepCalendarSkill({ ...calendar(given), reader, pause, file })),
        outsideSkill(parts, (given) => readCalendarSkill(calendar(given))),
        outsideSkill(parts, (given) => writeCalendarSkill(calendar(given))),
      ],
    };
  },
});

export const webFeature = defineFeature<HomeParts>({
  name: "web",
  install: (parts) => ({
    skills: [
      outsideSkill(parts, readFeedSkill),
      outsideSkill(parts, (given) => fetchWebSkill({ ...given, secretFor: skillSecrets(given) })),
    ],
  }),
});

export const diskFeature = defineFeature<HomeParts>({
  name: "disk",
  install: (parts) => ({
    skills: [listDiskSkill, readDiskSkill, writeDiskSkill].map((make) => outsideSkill(parts, make)),
  }),
});

export const programsFeature = defineFeature<HomeParts>({
  name: "programs",
  install: (parts) => ({ skills: [outsideSkill(parts, runShellSkill)] }),
});

export const secretsFeature = defineFeature<HomeParts>({
  name: "secrets",
  settings: [secretSettings],
  install: (parts) => ({
    skills: [setSecretSkill, removeSecretSkill, listSecretsSkill, unlockSecretsSkill, moveSecretsSkill].map((make) =>
      outsideSkill(parts, make),
    ),
  }),
});

export const notifyFeature = defineFeature<HomeParts>({
  name: "notify",
  tables: [notificationTables],
  settings: [notifySettings],
  install(parts) {
    const { clock, config, reader, timeZone } = parts;
    const isQuiet = () => quietUntil(config().quietHours, timeZone(), clock.now()) !== undefined;
    return {
      skills: notifySkills(parts),
      maintenance: [
        { skill: "notify.flush", everyMs: 5 * 60_000, isDue: () => heldNotifications(reader).length > 0 && !isQuiet() },
      ],
    };
  },
});

function notifySkills(parts: HomeParts): Skill[] {
  // What this process has sent and the index may not know of yet: two flushes at once send nothing twice.
  const taken = new Set<string>();
  const notify = (given: OutsideParts) => ({ ...given, channels: notifyChannels(given), taken });
  return [
    outsideSkill(parts, (given) => sendNotificationSkill(notify(given))),
    outsideSkill(parts, (given) => flushNotificationsSkill(notify(given))),
    outsideSkill(parts, ({ secrets }) => pushKeySkill({ publicKey: async () => (await vapidKeys(secrets)).publicKey })),
  ];
}
