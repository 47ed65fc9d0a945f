import { defineFeature } from "../feature.ts";
import { acceptDamageSkill, listDamageSkill, restoreDamageSkill } from "./damage.ts";
import { historySkill, redoSkill, undoSkill } from "./history.ts";
import { createSnapshotSkill, listSnapshotsSkill, restoreSnapshotSkill } from "./snapshot.ts";

/** Undo, redo, snapshots, and what went missing. */
export const historyFeature = defineFeature({
  name: "history",
  install(parts) {
    const history = { ...parts, readObject: parts.objectBytes };
    return {
      skills: [
        undoSkill(history),
        redoSkill(history),
        historySkill({ ...history, titleOf: (name) => parts.registry.find(name)?.contract.title }),
        createSnapshotSkill(parts),
        listSnapshotsSkill(parts),
        restoreSnapshotSkill(parts),
        listDamageSkill(),
        restoreDamageSkill(parts),
        acceptDamageSkill(parts),
      ],
    };
  },
});
