import { defineFeature } from "../feature.ts";
import { acceptDamageSkill, listDamageSkill, restoreDamageSkill } from "./damage.ts";
import { historySkill, redoSkill, undoSkill } from "./history.ts";
import { createSnapshotSkill, listSnapshotsSkill, previewSnapshotSkill, restoreSnapshotSkill } from "./snapshot.ts";
import { taskSkill, undoTaskSkill } from "./undo-task.ts";

/** Undo, redo, snapshots, and what went missing. */
export const historyFeature = defineFeature({
  name: "history",
  install(parts) {
    const describe = (name: string) => parts.registry.find(name)?.contract;
    const history = { ...parts, readObject: parts.objectBytes, describe };
    return {
      skills: [
        undoSkill(history),
        redoSkill(history),
        historySkill({ ...history, titleOf: (name) => describe(name)?.title }),
        taskSkill(history),
        undoTaskSkill(history),
        createSnapshotSkill(parts),
        listSnapshotsSkill(parts),
        previewSnapshotSkill(parts),
        restoreSnapshotSkill(parts),
        listDamageSkill(),
        restoreDamageSkill(parts),
        acceptDamageSkill(parts),
      ],
    };
  },
});
