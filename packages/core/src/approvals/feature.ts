import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { approveSkill, denyApprovalSkill, listApprovalsSkill, showApprovalSkill } from "./approvals.ts";

/** What waits for the owner, and the answers. */
export const approvalsFeature = defineFeature<FeatureParts & GoverningParts>({
  name: "approvals",
  install(parts) {
    const { registry, approvals: port } = parts;
    const deps = { ...parts, port, describe: (name: string) => registry.find(name)?.contract };
    return { skills: [listApprovalsSkill(), showApprovalSkill(deps), approveSkill(deps), denyApprovalSkill()] };
  },
});
