import type { Waiting } from "@mh/contract/adoption.ts";
import type { PendingRule, PolicyRule } from "@mh/contract/values/policy-rule.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { defineFeature, type FeatureParts } from "../feature.ts";
import type { Inspector } from "../inspect/inspect.ts";
import type { GoverningParts } from "../kernel/governing-parts.ts";
import { sealed } from "../kernel/parts.ts";
import { loadPolicySet, policyHash } from "../policy/policy-set.ts";
import { ruleWarnings } from "../policy/rule-warnings.ts";
import { adoptPolicySkill, disablePolicySkill, listPolicySkill, type PolicyState } from "./policy.ts";
import { matrixSkill } from "./policy-matrix.ts";
import { pastSkill } from "./policy-past.ts";
import { draftPolicySkill, writePolicySkill } from "./policy-words.ts";

/** The owner's rule files, as the wiring reads them. */
export interface RuleFiles {
  folder: string;
  state: () => PolicyState;
  /** Something was adopted: read them again at the next look, or at once. */
  reset: () => void;
  reload: () => void;
  /** What was judged lately, the latest last. */
  recorded: () => readonly PolicyRequest[];
}

/** The owner's rules: shown, drafted in words, written, adopted. */
export const rulesFeature = defineFeature<FeatureParts & GoverningParts & { rules: RuleFiles; inspector: Inspector }>({
  name: "rules",
  install(parts) {
    const { crypto, registry, rules, declarations, declared, rulesInForce, isStopped, inspector, hmacKey } = parts;
    const standing = { policy: rulesInForce, isStopped, principals: () => declared.keys() };
    const skills = () => registry.all().map(({ contract }) => contract);
    const deps = {
      ...{ folder: rules.folder, state: rules.state, changed: rules.reset },
      warnings: (of: readonly PolicyRule[]) => ruleWarnings(crypto, of, skills(), rules.recorded()),
      hashOf: (adopted: readonly PolicyRule[]) => policyHash(crypto, adopted),
      // Before they are adopted: what the engine does not take is refused.
      checked: (adopted: readonly PolicyRule[]) => loadPolicySet(crypto, adopted).hash,
    };
    return {
      waits: [() => rules.state().pending.map(waitingRule)],
      skills: [
        listPolicySkill(deps),
        draftPolicySkill({ registry, crypto, state: rules.state }),
        writePolicySkill({ folder: rules.folder, changed: rules.reload, crypto }),
        pastSkill({
          ...{ crypto, inspector, inForce: () => rules.state().inForce },
          seal: (address) => sealed(crypto, hmacKey, address),
        }),
        matrixSkill({ registry, declared: declarations, ...standing }),
        adoptPolicySkill(deps),
        disablePolicySkill(deps),
      ],
    };
  },
});

const waitingRule = ({ what, rule }: PendingRule): Waiting => ({
  ...{ kind: "rule", name: rule.id, state: what === "adds a permit" ? "new" : "changed" },
  ...{ wider: [`${what}: ${rule.title}`], command: "mh review --adopt" },
});
