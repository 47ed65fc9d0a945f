import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { giveGrantSkill, listGrantsSkill, listTrustSkill, revokeGrantSkill, setTrustSkill } from "./grants.ts";
import { grantPlanSkill, proposePlanSkill } from "./plans.ts";
import { previewPlanSkill, showPlanSkill } from "./show-plan.ts";

/** Who may use what: grants, plans, trust. */
export const grantsFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "grants",
  install: (parts) => ({
    skills: [
      giveGrantSkill(parts),
      revokeGrantSkill(),
      grantPlanSkill(parts),
      proposePlanSkill(parts),
      previewPlanSkill(parts),
      showPlanSkill(parts),
      listGrantsSkill(),
      setTrustSkill(),
      listTrustSkill(() => parts.declared.keys()),
    ],
  }),
});
