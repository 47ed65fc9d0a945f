import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { listRunsSkill } from "./run-list.ts";

/** What is under way. */
export const runsFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "runs",
  install: ({ runs }) => ({ skills: [listRunsSkill({ runs })] }),
});
