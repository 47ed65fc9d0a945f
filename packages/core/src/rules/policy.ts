import type { OutputOf } from "@mh/contract/contract.ts";
import { policyAdopt, policyList } from "@mh/contract/policy.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import { shippedRules } from "../policy/policy-set.ts";
import { utf8 } from "../ports/bytes.ts";
import { changedSince } from "../settings/config.ts";

/** The owner's rules as they are: in force, waiting, broken. */
export type PolicyState = OutputOf<typeof policyList>;

export function listPolicySkill(deps: { state: () => PolicyState }) {
  return defineQuery(policyList, { run: () => deps.state() });
}

/** Puts the rules on disk in force, widenings included. */
export function adoptPolicySkill(deps: {
  state: () => PolicyState;
  hashOf: (rules: PolicyRule[]) => string;
  changed: () => void;
}) {
  return defineAdmin(policyAdopt, {
    stored: "kept",
    apply({ shown }, { tx, commandId, principal }) {
      const { broken, onDisk, pending } = deps.state();
      if (broken) throw new Fault("policy.invalid", `${broken} Repair the file, then try again.`);
      if (pending.length === 0) throw new Fault("policy.nothing-pending", "No change of the rules waits for you.");
      if (shown && canonical(shown) !== canonical(pending)) throw changedSince("A file of persona/policy");
      const everything = [...shippedRules(), ...onDisk];
      const object = tx.object(utf8.encode(canonical(everything)));
      const body = { what: "policy", policyHash: deps.hashOf(everything), object };
      tx.append({ phase: "adopt", id: commandId, principal, body });
      tx.afterCommit(deps.changed);
      return { adopted: pending.length };
    },
  });
}
