import { objectsFolder } from "@mh/core/journal/ledger.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { quietUntil } from "@mh/core/scheduler/quiet-hours.ts";
import { heldNotices } from "@mh/core/spine/notices.ts";
import { outlivedObjects } from "@mh/core/spine/outlived.ts";
import type { Chore } from "./agents/scheduler.ts";

/** What the daemon sees to by itself: notices that quiet hours held, and objects that nothing needs any more. */
export function chores(parts: {
  reader: Database;
  files: Files;
  clock: Clock;
  config: () => Config;
  timeZone: () => string;
}): Chore[] {
  const { reader, files, clock, config, timeZone } = parts;
  const isQuiet = () => quietUntil(config().quietHours, timeZone(), clock.now()) !== undefined;
  const isThere = (object: string) => files.facts(`${objectsFolder}/${object}`) !== undefined;
  return [
    { skill: "notify.flush", everyMs: 5 * 60_000, isDue: () => heldNotices(reader).length > 0 && !isQuiet() },
    {
      skill: "object.discard",
      everyMs: 24 * 3_600_000,
      isDue: () => outlivedObjects(reader, clock.now(), isThere).length > 0,
    },
  ];
}
