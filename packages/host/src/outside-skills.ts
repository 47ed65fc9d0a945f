import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Disk } from "@mh/core/ports/disk.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Programs } from "@mh/core/ports/programs.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { listDiskSkill, readDiskSkill, writeDiskSkill } from "@mh/core/skills/disk.ts";
import { readFeedSkill } from "@mh/core/skills/feed-read.ts";
import { runShellSkill } from "@mh/core/skills/shell-run.ts";
import { fetchWebSkill } from "@mh/core/skills/web-fetch.ts";
import type { Skill } from "@mh/core/spine/skill.ts";

/** What skills that act on the world are given. Settings come with each command. */
export interface OutsideParts {
  root: string;
  files: Files;
  crypto: Crypto;
  clock: Clock;
  http: Http;
  secrets: Secrets;
  disk: Disk;
  programs: Programs;
  timeZone: () => string;
}

/** The shipped skills that reach the world outside the home. Their libraries are loaded at first use. */
export function outsideSkills(parts: OutsideParts): Skill[] {
  return [
    listDiskSkill(parts),
    readDiskSkill(parts),
    writeDiskSkill(parts),
    readFeedSkill(parts),
    runShellSkill(parts),
    fetchWebSkill(parts),
  ];
}
