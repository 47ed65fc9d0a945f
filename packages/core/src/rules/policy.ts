import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { defineAdmin } from "../kernel/define-admin.ts";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import type { PendingChange } from "../policy/adoption.ts";
import { type PolicyRule, shippedRules } from "../policy/policy-set.ts";
import { utf8 } from "../ports/bytes.ts";
import { changedSince } from "../settings/config.ts";

/** The owner's rules as they are: in force, waiting, broken. */
export interface PolicyState {
  hash: string;
  inForce: PolicyRule[];
  pending: PendingChange[];
  onDisk: PolicyRule[];
  /** Why the files cannot be taken as they are; the last good rules stay in force. */
  broken: string | undefined;
}

const none = z.strictObject({});

export function listPolicySkill(deps: { state: () => PolicyState }) {
  return defineQuery<Record<string, never>, PolicyState>({
    manifest: readManifest("policy.list", "List the rules", none, z.custom<PolicyState>()),
    classify: always("read"),
    run: () => deps.state(),
  });
}

const adoptInput = z.strictObject({
  /** What the owner said yes to, as it was shown: the files may have been changed since. */
  shown: z.array(z.strictObject({ what: z.string(), rule: z.record(z.string(), z.unknown()) })).optional(),
});

/** Puts the rules on disk in force, widenings included. */
export function adoptPolicySkill(deps: {
  state: () => PolicyState;
  hashOf: (rules: PolicyRule[]) => string;
  changed: () => void;
}) {
  const output = z.strictObject({ adopted: z.number() });
  return defineAdmin<z.infer<typeof adoptInput>, { adopted: number }>({
    name: "policy.adopt",
    title: "Put changed rules in force",
    input: adoptInput,
    output,
    event: "policy.adopted",
    undo: null,
    apply({ shown }, { tx, commandId, principal }) {
      const { broken, onDisk, pending } = deps.state();
      if (broken) throw new Fault("policy.invalid", `${broken} Mend the file, then try again.`);
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
