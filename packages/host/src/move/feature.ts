import * as os from "node:os";
import { defineFeature } from "@mh/core/feature.ts";
import { previewMoveSkill, runMoveSkill } from "@mh/core/move/move.ts";
import type { HomeParts } from "../wiring/home-parts.ts";
import { openMovedFolder } from "./moved-folder.ts";

/** Moving in from another program. */
export const moveFeature = defineFeature<HomeParts>({
  name: "move",
  install({ files, crypto, timeZone, environment, act, closed }) {
    const ownersFolder = environment.HOME || os.homedir();
    const deps = { files, crypto, timeZone, ownersFolder, act, open: openMovedFolder(closed) };
    return { skills: [previewMoveSkill(deps), runMoveSkill(deps)] };
  },
});
