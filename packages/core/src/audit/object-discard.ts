import { objectDiscard } from "@mh/contract/audit.ts";
import { objectsFolder } from "../journal/objects-folder.ts";
import { defineAdmin } from "../kernel/skill.ts";
import type { TableSet } from "../kernel/tables.ts";
import { unreferencedObjects } from "../kernel/unreferenced-objects.ts";
import type { Files } from "../ports/files.ts";

/** Deletes payloads and earlier texts that nothing can need any more. The log names each; its chain stays whole. */
export function discardObjectsSkill({ files, tables }: { files: Files; tables: readonly TableSet[] }) {
  return defineAdmin(objectDiscard, {
    stored: "kept",
    apply(_args, { tx, commandId, principal, now }) {
      const objects = unreferencedObjects(
        tx.db,
        tables,
        now,
        (name) => files.facts(`${objectsFolder}/${name}`) !== undefined,
      );
      if (objects.length > 0) {
        tx.append({ phase: "archive", id: commandId, principal, objects, body: { what: "objects" } });
      }
      for (const name of objects) tx.dropObject(name);
      return { discarded: objects.length };
    },
  });
}
