import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { stopPath } from "../kernel/stop-path.ts";
import { resumeSkill, stopSkill } from "./stop.ts";

/** Everyone but the owner is denied, at once, until the owner says otherwise. */
export const stopFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "stop",
  install: ({ files }) => ({ skills: [stopSkill({ files }), resumeSkill({ lift: () => files.remove(stopPath) })] }),
});
