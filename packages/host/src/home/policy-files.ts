import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { adoptionRow, rulesName } from "@mh/core/adoption/adoptions-table.ts";
import type { Ledger } from "@mh/core/journal/ledger.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import { inForce, pendingChanges } from "@mh/core/policy/adoption.ts";
import {
  loadPolicySet,
  type PolicySet,
  parsePolicyFile,
  policyRulesSchema,
  shippedRules,
  validate,
} from "@mh/core/policy/policy-set.ts";
import { decodeUtf8, utf8 } from "@mh/core/ports/bytes.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { PolicyState } from "@mh/core/rules/policy.ts";

export const policyFolder = "persona/policy";

export interface PolicyFilesDeps {
  files: Files;
  crypto: Crypto;
  reader: Database;
  readObject: (name: string) => string | undefined;
  clock: { now(): number };
  /** Called when other rules come into force, so that the journal can keep their text. */
  onChange: (set: PolicySet) => void;
}

const checkEveryMs = 500;

/** The rules in force: shipped ones, and the owner's files against what the owner last adopted. */
export class PolicyFiles {
  readonly #deps: PolicyFilesDeps;
  #signature = "";
  #checkedAt = Number.NEGATIVE_INFINITY;
  #set: PolicySet | undefined;
  #state: PolicyState | undefined;
  /** In force since a moment ago, and perhaps not yet in the journal. */
  #unkept: PolicySet | undefined;

  constructor(deps: PolicyFilesDeps) {
    this.#deps = deps;
  }

  /** Looks at the files again twice a second at most: a stricter rule bites at once. */
  current(): PolicySet {
    const now = this.#deps.clock.now();
    if (!this.#set || Math.abs(now - this.#checkedAt) >= checkEveryMs) this.#check(now);
    return this.#set as PolicySet;
  }

  state(): PolicyState {
    this.current();
    return this.#state as PolicyState;
  }

  /** Forget what was read: something was adopted. */
  reset(): void {
    this.#unkept = undefined;
    this.#signature = "";
    this.#checkedAt = Number.NEGATIVE_INFINITY;
  }

  /** Takes the files in at once, so that what is in force is kept before anything else happens. */
  reload(): void {
    this.reset();
    this.current();
  }

  #check(now: number): void {
    this.#checkedAt = now;
    const names = this.#deps.files.list(policyFolder).filter((name) => name.endsWith(".cedar"));
    const signature = names.map((name) => JSON.stringify([name, this.#deps.files.facts(name)])).join();
    if (this.#set && signature === this.#signature) return;
    this.#signature = signature;
    const before = this.#set?.hash;
    this.#load(names);
    if (!this.#set || this.#set.hash === before) return;
    this.#unkept = this.#set;
    this.#deps.onChange(this.#set);
  }

  #load(names: readonly string[]): void {
    const before = this.#before();
    let broken: string | undefined;
    const checked = new Set<string>();
    const onDisk = names.flatMap((name) => {
      try {
        const rules = this.#parse(name);
        for (const { text } of rules) checked.add(text);
        return rules;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        broken ??= error.message;
        return before.filter((rule) => rule.id.startsWith(`${shortName(name)}#`));
      }
    });
    // What stands in a file word for word was checked there.
    validate(
      before.filter(({ text }) => !checked.has(text)),
      "the rules in force",
    );
    this.#set = loadPolicySet(this.#deps.crypto, [...shippedRules(), ...inForce(before, onDisk)]);
    const pending = broken ? [] : pendingChanges(before, onDisk);
    this.#state = { hash: this.#set.hash, inForce: [...this.#set.rules.values()], pending, onDisk, broken };
  }

  #parse(name: string): PolicyRule[] {
    const text = decodeUtf8(this.#deps.files.read(name) ?? new Uint8Array());
    const short = shortName(name);
    if (text === undefined) throw new Fault("policy.invalid", `${short} is not UTF-8.`);
    return parsePolicyFile(short, text);
  }

  /** The owner's rules that were in force before. Where their text was lost, permits wait and forbids on disk bite. */
  #before(): PolicyRule[] {
    const { reader, readObject } = this.#deps;
    const row = adoptionRow(reader, "rules", rulesName);
    const isOwners = (rule: PolicyRule) => rule.origin === "owner";
    // A file that changes again before the journal took the last change in takes no forbid away.
    if (this.#unkept && row?.hash !== this.#unkept.hash) return [...this.#unkept.rules.values()].filter(isOwners);
    const text = row && readObject(row.object);
    if (!text) return [];
    return policyRulesSchema.parse(JSON.parse(text)).filter(isOwners);
  }
}

/** Keeps the text of rules that came into force, so that a verdict can be explained for ever. */
export async function keepPolicy(ledger: Ledger, reader: Database, id: string, set: PolicySet): Promise<void> {
  if (adoptionRow(reader, "rules", rulesName)?.hash === set.hash) return;
  await ledger.transact((tx) => {
    const object = tx.object(utf8.encode(canonical([...set.rules.values()])));
    tx.append({ phase: "adopt", id, principal: "file", body: { what: "policy", policyHash: set.hash, object } });
  });
}

const shortName = (name: string): string => name.slice(policyFolder.length + 1);
