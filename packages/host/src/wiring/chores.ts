import { quietUntil } from "@mh/core/agents/scheduler/quiet-hours.ts";
import { objectsFolder } from "@mh/core/journal/objects-folder.ts";
import { unreferencedObjects } from "@mh/core/kernel/unreferenced-objects.ts";
import type { Config } from "@mh/core/model/config.ts";
import { heldNotices } from "@mh/core/notify/notices-table.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Chore } from "../agents/scheduler.ts";
import { tableSets } from "./table-sets.ts";

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
      isDue: () => unreferencedObjects(reader, tableSets, clock.now(), isThere).length > 0,
    },
  ];
}
