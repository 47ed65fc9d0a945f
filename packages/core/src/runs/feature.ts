import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { listRunsSkill } from "./run-list.ts";
import { exportRunSkill, type RunLookDeps, showRunSkill } from "./run-look.ts";

/** What is under way, and one run looked at afterwards. */
export const runsFeature = defineFeature<FeatureParts & GoverningParts & RunLookDeps>({
  name: "runs",
  install: (parts) => ({ skills: [listRunsSkill(parts), showRunSkill(parts), exportRunSkill(parts)] }),
});
