import { type CalendarDeps, readCalendarSkill } from "@mh/core/calendar/calendar-read.ts";
import { writeCalendarSkill } from "@mh/core/calendar/calendar-write.ts";
import { pushKeySkill } from "@mh/core/devices/device.ts";
import { listDiskSkill, readDiskSkill, writeDiskSkill } from "@mh/core/disk/disk.ts";
import type { OutsideSkill, Skill } from "@mh/core/kernel/skill.ts";
import { deleteMailSkill } from "@mh/core/mail/mail-delete.ts";
import { draftMailSkill } from "@mh/core/mail/mail-draft.ts";
import { readMailSkill } from "@mh/core/mail/mail-read.ts";
import { sendMailSkill } from "@mh/core/mail/mail-send.ts";
import { triageMailSkill } from "@mh/core/mail/mail-triage.ts";
import { flushNotificationsSkill, sendNotificationSkill } from "@mh/core/notify/notify.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { runShellSkill } from "@mh/core/programs/shell-run.ts";
import {
  listSecretsSkill,
  moveSecretsSkill,
  removeSecretSkill,
  type SecretDeps,
  setSecretSkill,
  unlockSecretsSkill,
} from "@mh/core/secrets/secret.ts";
import { readFeedSkill } from "@mh/core/web/feed-read.ts";
import { fetchWebSkill } from "@mh/core/web/web-fetch.ts";
import { vapidKeys } from "../adapters/notify/vapid.ts";
import { skillSecrets } from "../extensions/skill-secrets.ts";
import { notifyChannels } from "./notify-channels.ts";
import { heldToContract } from "./permitted.ts";
import type { WorldPorts } from "./world-ports.ts";

/** What skills that act on the world are given beside their ports. Settings come with each command. */
export interface OutsideParts extends WorldPorts {
  crypto: Crypto;
  timeZone: () => string;
  chooseStore: SecretDeps["chooseStore"];
  /** A text without the values of secrets. */
  redact: (text: string) => string;
  /** Sees committed state only. */
  reader: Database;
  readObject: (name: string) => string | undefined;
}

/**
 * The shipped skills that reach the world outside the home, each held to its contract: none is made from ports that do
 * more. Their libraries are loaded at first use.
 */
export function outsideSkills(parts: OutsideParts): Skill[] {
  return [...outside.map((make) => heldToContract(parts, make)), ...notifySkills(parts), triageMailSkill(parts)];
}

const outside: readonly ((parts: OutsideParts) => OutsideSkill)[] = [
  setSecretSkill,
  removeSecretSkill,
  listSecretsSkill,
  unlockSecretsSkill,
  moveSecretsSkill,
  ({ secrets }) => pushKeySkill({ publicKey: async () => (await vapidKeys(secrets)).publicKey }),
  readFeedSkill,
  (parts) => fetchWebSkill({ ...parts, secretFor: skillSecrets(parts) }),
  listDiskSkill,
  readDiskSkill,
  writeDiskSkill,
  runShellSkill,
  (parts) => readCalendarSkill(calendar(parts)),
  (parts) => writeCalendarSkill(calendar(parts)),
  readMailSkill,
  draftMailSkill,
  sendMailSkill,
  deleteMailSkill,
];

function notifySkills(parts: OutsideParts): Skill[] {
  // What this process has sent and the index may not know of yet: two flushes at once send nothing twice.
  const taken = new Set<string>();
  const notify = (given: OutsideParts) => ({ ...given, channels: notifyChannels(given), taken });
  return [
    heldToContract(parts, (given) => sendNotificationSkill(notify(given))),
    heldToContract(parts, (given) => flushNotificationsSkill(notify(given))),
  ];
}

const calendar = (parts: OutsideParts): CalendarDeps => ({
  ...parts,
  files: parts.calendarFiles,
  readWhen: async () => (await import("@mh/core/memory/extract/when.ts")).loadWhen(),
  caldav: async () => (await import("../adapters/caldav.ts")).openCaldav,
});
