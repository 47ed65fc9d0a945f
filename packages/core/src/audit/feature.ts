import { defineFeature } from "../feature.ts";
import { objectsFolder } from "../journal/objects-folder.ts";
import { unreferencedObjects } from "../kernel/unreferenced-objects.ts";
import { archiveSkill, checkpointSkill } from "./journal.ts";
import { discardObjectsSkill } from "./object-discard.ts";

const dayMs = 24 * 3_600_000;

/** The log: checkpoints, archives, and the garbage collection of its objects. */
export const auditFeature = defineFeature({
  name: "audit",
  install(parts) {
    const { files, reader, tables, clock } = parts;
    const isThere = (object: string) => files.facts(`${objectsFolder}/${object}`) !== undefined;
    const isDue = () => unreferencedObjects(reader, tables, clock.now(), isThere).length > 0;
    return {
      skills: [checkpointSkill(), archiveSkill(parts), discardObjectsSkill(parts)],
      maintenance: [{ skill: "object.discard", everyMs: dayMs, isDue }],
    };
  },
});
