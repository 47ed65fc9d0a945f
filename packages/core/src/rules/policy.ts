import type { OutputOf } from "@mh/contract/contract.ts";
import { policyAdopt, policyDisable, policyList } from "@mh/contract/policy.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import type { Transaction } from "../journal/transaction.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import { canonical } from "../model/canonical.ts";
import { shippedRules } from "../policy/policy-set.ts";
import { isOfFile } from "../policy/rule-file.ts";
import type { RuleWarning } from "../policy/rule-warnings.ts";
import { utf8 } from "../ports/bytes.ts";
import { changedSince } from "../settings/config.ts";

/** The owner's rules as they are: in force, waiting, broken. */
export type PolicyState = Omit<OutputOf<typeof policyList>, "warnings">;

export interface RuleDeps {
  folder: string;
  state: () => PolicyState;
  warnings: (rules: readonly PolicyRule[]) => RuleWarning[];
  hashOf: (rules: readonly PolicyRule[]) => string;
  /** Their hash, once the engine has taken them; throws `policy.invalid`. */
  checked: (rules: readonly PolicyRule[]) => string;
  changed: () => void;
}

export function listPolicySkill({ state, warnings }: Pick<RuleDeps, "state" | "warnings">) {
  return defineQuery(policyList, {
    run() {
      const { inForce, onDisk, ...rest } = state();
      const waiting = onDisk.filter(({ text }) => !inForce.some((rule) => rule.text === text));
      return { inForce, onDisk, ...rest, ...amiss(warnings([...inForce, ...waiting])) };
    },
  });
}

/** Puts the rules on disk in force, widenings included. */
export function adoptPolicySkill({ state, warnings, checked, changed }: RuleDeps) {
  return defineAdmin(policyAdopt, {
    stored: "kept",
    apply({ shown }, { tx, commandId, principal }) {
      const { broken, onDisk, pending } = state();
      if (broken) throw new Fault("policy.invalid", `${broken} Repair the file, then try again.`);
      if (pending.length === 0) throw new Fault("policy.nothing-pending", "No change of the rules waits for you.");
      if (shown && canonical(shown) !== canonical(pending)) throw changedSince("A file of persona/policy");
      tx.append({ phase: "adopt", id: commandId, principal, body: adoptBody(tx, checked, onDisk) });
      tx.afterCommit(changed);
      return { adopted: pending.length, ...amiss(warnings(onDisk)) };
    },
  });
}

/**
 * Takes a file of rules out of force at once, whatever state it is in, and lays its text aside. What else waits goes on
 * waiting. It is the way back for an owner who is locked out.
 */
export function disablePolicySkill({ folder, state, hashOf, changed }: RuleDeps) {
  return defineAdmin(policyDisable, {
    stored: "kept",
    apply({ file }, { tx, commandId, principal }) {
      const own = state().inForce.filter(({ origin }) => origin === "owner");
      const gone = own.filter((rule) => isOfFile(rule, file));
      const path = `${folder}/${file}`;
      const bytes = isPlainPath(file) ? tx.read(path) : undefined;
      if (!bytes && gone.length === 0)
        throw new Fault("policy.invalid", `There is no file ${file} in ${folder}. \`mh policy list\` shows the rules.`);
      const aside = bytes && freeName(`${path}.off`, (name) => tx.read(name) !== undefined);
      if (aside) {
        tx.write(aside, bytes);
        tx.write(path, undefined);
      }
      if (gone.length > 0) {
        const body = adoptBody(
          tx,
          hashOf,
          own.filter((rule) => !gone.includes(rule)),
        );
        tx.append({ phase: "adopt", id: commandId, principal, body });
      }
      tx.afterCommit(changed);
      return { path: aside ?? null, rules: gone.map(({ id }) => id) };
    },
  });
}

const amiss = (warnings: RuleWarning[]) => (warnings.length > 0 ? { warnings } : {});

const isPlainPath = (file: string): boolean => file.endsWith(".cedar") && !file.split("/").includes("..");

function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let n = 2; isTaken(free); n += 1) free = `${name}${n}`;
  return free;
}

function adoptBody(tx: Transaction, hashOf: RuleDeps["hashOf"], own: readonly PolicyRule[]) {
  const everything = [...shippedRules(), ...own];
  const object = tx.object(utf8.encode(canonical(everything)));
  return { what: "policy", policyHash: hashOf(everything), object };
}
