import type { PasskeyDeps } from "../devices/passkey.ts";
import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { type AgainDeps, askAgainSkill } from "./again.ts";
import {
  approveSkill,
  denyApprovalSkill,
  listApprovalsSkill,
  myApprovalsSkill,
  parkedUnder,
  showApprovalSkill,
} from "./approvals.ts";
import { blockedSkill } from "./blocked.ts";
import { declineOfferSkill, type OfferDeps, offerSkill } from "./offers.ts";

/** The log, the owner's rules as they are, and the gate for what is asked again. */
type Looking = Pick<OfferDeps, "inspector" | "rules"> & Pick<AgainDeps, "act">;

/** What waits for the owner, and the answers. */
export const approvalsFeature = defineFeature<FeatureParts & GoverningParts & Looking & PasskeyDeps>({
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
        askAgainSkill({
          parkedUnder: (id) => parkedUnder(deps, parts.reader, id),
          act: parts.act,
          newId: () => parts.crypto.id(),
        }),
        blockedSkill(deps),
        offerSkill(deps),
        declineOfferSkill(),
      ],
    };
  },
});
