import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { adoptionRow } from "@mh/core/adoption/adoptions-table.ts";
import { defineFeature } from "@mh/core/feature.ts";
import { exportSelfSkill } from "@mh/core/self/self-export.ts";
import { importSelfSkill, previewSelfSkill, type SelfImportDeps } from "@mh/core/self/self-import.ts";
import { takeSelfSkill } from "@mh/core/self/self-take.ts";
import { codeFolder, realOf, stagedArchives } from "../places.ts";
import { version } from "../version.ts";
import type { HomeParts } from "../wiring/home-parts.ts";

/** Everything that is the owner's, out of this home and into another one. */
export const selfFeature = defineFeature<HomeParts>({
  name: "self",
  install(parts) {
    const { root, home, closed, pause, secrets, agentFiles, reader, signed } = parts;
    const secretNames = async () => {
      // A value that is not known cannot be kept out.
      const locked = await secrets.load({ byCredential: true });
      if (locked !== undefined) throw new Fault("secret.locked", locked);
      return secrets.names();
    };
    const importing: SelfImportDeps = {
      ...parts,
      open: async (...given) => {
        const { openArchivesIn } = await import("./open-archive.ts");
        return openArchivesIn({ folder: stagedArchives(root), closed, pause })(...given);
      },
      homeId: home.id,
      isAdopted: (kind: "agent" | "skill", name: string) => adoptionRow(reader, kind, name) !== undefined,
    };
    return {
      skills: [
        exportSelfSkill({
          ...parts,
          write: async (file) => (await import("./write-archive.ts")).archivesIn(closed)(file),
          mh: version,
          sign: signed,
          home: { id: home.id, format: home.format, checkpointKey: home.checkpointKey },
          isShippedAgent: (text) => agentFiles.isShipped(text),
          isClone: realOf(codeFolder(import.meta.dirname)) === realOf(path.resolve(root)),
          secretNames,
        }),
        previewSelfSkill(importing),
        importSelfSkill(importing),
        takeSelfSkill(parts),
      ],
    };
  },
});
