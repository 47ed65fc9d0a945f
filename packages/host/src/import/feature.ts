import { defineFeature } from "@mh/core/feature.ts";
import { previewImportSkill, runImportSkill } from "@mh/core/memory/skills/import-run.ts";
import type { HomeParts } from "../wiring/home-parts.ts";
import { openFor } from "./open-for.ts";

/** Taking in what somebody else's programs wrote. */
export const importFeature = defineFeature<HomeParts>({
  name: "import",
  install({ clock, timers, executor, closed, timeZone, act, reader, crypto }) {
    const deps = {
      act,
      reader,
      timeZone,
      open: openFor({ clock, timers, executor, timeZone, closed }),
      pause: makePause(),
      sha256Hex: crypto.sha256Hex.bind(crypto),
    };
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
