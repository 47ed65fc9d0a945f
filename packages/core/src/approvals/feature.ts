import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import {
  approveSkill,
  denyApprovalSkill,
  listApprovalsSkill,
  myApprovalsSkill,
  showApprovalSkill,
} from "./approvals.ts";
import { blockedSkill } from "./blocked.ts";
import { declineOfferSkill, type OfferDeps, offerSkill } from "./offers.ts";

/** The log, and the owner's rules as they are. */
type Looking = Pick<OfferDeps, "inspector" | "rules">;

/** What waits for the owner, and the answers. */
export const approvalsFeature = defineFeature<FeatureParts & GoverningParts & Looking>({
  name: "approvals",
  install(parts) {
    const { registry, approvals: port } = parts;
    const deps = { ...parts, port, describe: (name: string) => registry.find(name)?.contract };
    return {
      skills: [
        listApprovalsSkill(deps),
        showApprovalSkill(deps),
        myApprovalsSkill(),
        approveSkill(deps),
        denyApprovalSkill(deps),
        blockedSkill(deps),
        offerSkill(deps),
        declineOfferSkill(),
      ],
    };
  },
});
