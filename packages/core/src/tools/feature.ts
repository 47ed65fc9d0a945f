import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { listToolsSkill } from "./tool-list.ts";

/** What programs and models are offered. */
export const toolsFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "tools",
  install: (parts) => ({ skills: [listToolsSkill(parts)] }),
});
