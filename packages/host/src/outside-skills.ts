import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { readFeedSkill } from "@mh/core/skills/feed-read.ts";
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
  timeZone: () => string;
}

/** The shipped skills that reach the world outside the home. Their libraries are loaded at first use. */
export function outsideSkills(parts: OutsideParts): Skill[] {
  return [readFeedSkill(parts), fetchWebSkill(parts)];
}
