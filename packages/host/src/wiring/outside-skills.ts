import { readCalendarSkill } from "@mh/core/calendar/calendar-read.ts";
import { writeCalendarSkill } from "@mh/core/calendar/calendar-write.ts";
import { pushKeySkill } from "@mh/core/devices/device.ts";
import { listDiskSkill, readDiskSkill, writeDiskSkill } from "@mh/core/disk/disk.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import { deleteMailSkill } from "@mh/core/mail/mail-delete.ts";
import { draftMailSkill } from "@mh/core/mail/mail-draft.ts";
import { readMailSkill } from "@mh/core/mail/mail-read.ts";
import { sendMailSkill } from "@mh/core/mail/mail-send.ts";
import { triageMailSkill } from "@mh/core/mail/mail-triage.ts";
import { flushNotificationsSkill, sendNotificationSkill } from "@mh/core/notify/notify.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Desktop } from "@mh/core/ports/desktop.ts";
import type { Disk } from "@mh/core/ports/disk.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Programs } from "@mh/core/ports/programs.ts";
import type { SecretOffers, SecretStores, Secrets } from "@mh/core/ports/secrets.ts";
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
import { calendarFiles } from "./calendar-files.ts";
import { notifyChannels } from "./notify-channels.ts";

/** What skills that act on the world are given. Settings come with each command. */
export interface OutsideParts {
  root: string;
  files: Files;
  crypto: Crypto;
  clock: Clock;
  http: Http;
  secrets: Secrets & SecretOffers & SecretStores;
  chooseStore: SecretDeps["chooseStore"];
  disk: Disk;
  programs: Programs;
  timeZone: () => string;
  desktop: Desktop;
  /** A text without the values of secrets. */
  redact: (text: string) => string;
  /** Sees committed state only. */
  reader: Database;
  readObject: (name: string) => string | undefined;
  /** Certificates (PEM) that the settings add to the public ones. */
  ca: () => string | undefined;
}

/** The shipped skills that reach the world outside the home. Their libraries are loaded at first use. */
export function outsideSkills(parts: OutsideParts): Skill[] {
  return [
    ...notifySkills(parts),
    ...secretSkills(parts),
    readFeedSkill(parts),
    fetchWebSkill({ ...parts, secretFor: skillSecrets(parts) }),
    listDiskSkill(parts),
    readDiskSkill(parts),
    writeDiskSkill(parts),
    runShellSkill(parts),
    ...calendarSkills(parts),
    ...mailSkills(parts),
  ];
}

function notifySkills(parts: OutsideParts): Skill[] {
  const { secrets } = parts;
  const notify = { ...parts, channels: notifyChannels(parts) };
  return [
    sendNotificationSkill(notify),
    flushNotificationsSkill(notify),
    pushKeySkill({ publicKey: async () => (await vapidKeys(secrets)).publicKey }),
  ];
}

function secretSkills(parts: OutsideParts): Skill[] {
  return [
    setSecretSkill(parts),
    removeSecretSkill(parts),
    listSecretsSkill(parts),
    unlockSecretsSkill(parts),
    moveSecretsSkill(parts),
  ];
}

function calendarSkills(parts: OutsideParts): Skill[] {
  const readWhen = async () => (await import("@mh/core/memory/extract/when.ts")).loadWhen();
  const caldav = async () => (await import("../adapters/caldav.ts")).openCaldav;
  const calendar = { ...parts, readWhen, caldav, files: calendarFiles(parts) };
  return [readCalendarSkill(calendar), writeCalendarSkill(calendar)];
}

function mailSkills({ secrets, ca, timeZone }: OutsideParts): Skill[] {
  const mail = { secrets, mail: async () => (await import("../adapters/node-mail.ts")).nodeMail({ ca }) };
  return [
    readMailSkill(mail),
    draftMailSkill(mail),
    sendMailSkill(mail),
    deleteMailSkill(mail),
    triageMailSkill({ timeZone }),
  ];
}
