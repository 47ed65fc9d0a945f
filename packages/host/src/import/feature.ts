import { defineFeature } from "@mh/core/feature.ts";
import { previewImportSkill, runImportSkill } from "@mh/core/memory/skills/import-run.ts";
import { codeFolder } from "../places.ts";
import type { HomeParts } from "../wiring/home-parts.ts";
import { openFor } from "./open-for.ts";

/** Taking in what somebody else's programs wrote. */
export const importFeature = defineFeature<HomeParts>({
  name: "import",
  install({ root, closed, timeZone, act, reader }) {
    // The owner may have notes beside mh, and in a file system in memory.
    const toOthers = [root, codeFolder(import.meta.dirname), "/dev"];
    const toAll = closed.filter((folder) => !toOthers.includes(folder));
    const deps = { act, reader, open: openFor({ timeZone, closed: { toAll, toOthers } }), pause: makePause() };
    return { skills: [previewImportSkill(deps), runImportSkill(deps)] };
  },
});

/** Reading is synchronous in stretches: after so many milliseconds everything else has its turn. */
const stretchMs = 15;

function makePause(): () => Promise<void> | undefined {
  let pausedAt = performance.now();
  return () => {
    if (performance.now() - pausedAt < stretchMs) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        pausedAt = performance.now();
        resolve();
      });
    });
  };
}
