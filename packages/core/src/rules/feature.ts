import type { Waiting } from "@mh/contract/adoption.ts";
import type { PendingRule } from "@mh/contract/values/policy-rule.ts";
import { defineFeature, type FeatureParts } from "../feature.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { policyHash } from "../policy/policy-set.ts";
import { adoptPolicySkill, listPolicySkill, type PolicyState } from "./policy.ts";
import { matrixSkill } from "./policy-matrix.ts";
import { draftPolicySkill, writePolicySkill } from "./policy-words.ts";

/** The owner's rule files, as the wiring reads them. */
export interface RuleFiles {
  folder: string;
  state: () => PolicyState;
  /** Something was adopted: read them again at the next look, or at once. */
  reset: () => void;
  reload: () => void;
}

/** The owner's rules: shown, drafted in words, written, adopted. */
export const rulesFeature = defineFeature<FeatureParts & GoverningParts & { rules: RuleFiles }>({
  name: "rules",
  install(parts) {
    const { crypto, registry, rules, declarations, declared, rulesInForce, isStopped } = parts;
    const standing = { policy: rulesInForce, isStopped, principals: () => declared.keys() };
    return {
      waits: [() => rules.state().pending.map(waitingRule)],
      skills: [
        listPolicySkill(rules),
        draftPolicySkill({ registry, crypto, state: rules.state }),
        writePolicySkill({ folder: rules.folder, changed: rules.reload }),
        matrixSkill({ registry, declared: declarations, ...standing }),
        adoptPolicySkill({
          state: rules.state,
          hashOf: (adopted) => policyHash(crypto, adopted),
          changed: rules.reset,
        }),
      ],
    };
  },
});

const waitingRule = ({ what, rule }: PendingRule): Waiting => ({
  ...{ kind: "rule", name: rule.id, state: what === "adds a permit" ? "new" : "changed" },
  ...{ wider: [`${what}: ${rule.title}`], command: "mh review --adopt" },
});
