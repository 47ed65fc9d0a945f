import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { deleteMailSkill } from "@mh/core/skills/mail-delete.ts";
import { draftMailSkill } from "@mh/core/skills/mail-draft.ts";
import { readMailSkill } from "@mh/core/skills/mail-read.ts";
import { sendMailSkill } from "@mh/core/skills/mail-send.ts";
import { triageMailSkill } from "@mh/core/skills/mail-triage.ts";
import type { Skill } from "@mh/core/spine/skill.ts";

/** What skills that act on the world are given. Settings come with each command. */
export interface OutsideParts {
  root: string;
  files: Files;
  crypto: Crypto;
  clock: Clock;
  http: Http;
  secrets: Secrets;
  timeZone: () => string;
  /** Certificates (PEM) that the settings add to the public ones. */
  ca: () => string | undefined;
}

/** The shipped skills that reach the world outside the home. Their libraries are loaded at first use. */
export function outsideSkills(parts: OutsideParts): Skill[] {
  const { secrets, ca, timeZone } = parts;
  const mail = { secrets, mail: async () => (await import("@mh/core/adapters/node-mail.ts")).nodeMail({ ca }) };
  return [
    readMailSkill(mail),
    draftMailSkill(mail),
    sendMailSkill(mail),
    deleteMailSkill(mail),
    triageMailSkill({ timeZone }),
  ];
}
