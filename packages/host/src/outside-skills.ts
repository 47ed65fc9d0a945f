import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { readCalendarSkill } from "@mh/core/skills/calendar-read.ts";
import { writeCalendarSkill } from "@mh/core/skills/calendar-write.ts";
import type { Skill } from "@mh/core/spine/skill.ts";
import { calendarFiles } from "./calendar-files.ts";

/** What skills that act on the world are given. Settings come with each command. */
export interface OutsideParts {
  root: string;
  files: Files;
  crypto: Crypto;
  clock: Clock;
  http: Http;
  secrets: Secrets;
  timeZone: () => string;
}

/** The shipped skills that reach the world outside the home. Their libraries are loaded at first use. */
export function outsideSkills(parts: OutsideParts): Skill[] {
  const readWhen = async () => (await import("@mh/core/memory/extract/when.ts")).loadWhen();
  const caldav = async () => (await import("@mh/core/adapters/caldav.ts")).openCaldav;
  const calendar = { ...parts, readWhen, caldav, files: calendarFiles(parts) };
  return [readCalendarSkill(calendar), writeCalendarSkill(calendar)];
}
