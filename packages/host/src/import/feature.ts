import { defineFeature } from "@mh/core/feature.ts";
import { previewImportSkill, runImportSkill } from "@mh/core/memory/skills/import-run.ts";
import type { HomeParts } from "../wiring/home-parts.ts";
import { openFor } from "./open-for.ts";

/** Taking in what somebody else's programs wrote. */
export const importFeature = defineFeature<HomeParts>({
  name: "import",
  install({ closed, timeZone, act, reader }) {
    const deps = { act, reader, open: openFor({ timeZone, closed }), pause: makePause() };
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
