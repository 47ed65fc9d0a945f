import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { adoptionRow, rulesName } from "@mh/core/adoption/adoptions-table.ts";
import type { Transaction } from "@mh/core/journal/transaction.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import { inForce, pendingChanges } from "@mh/core/policy/adoption.ts";
import { boundedRules, type RuleCounts, ruleBounds, within } from "@mh/core/policy/bounds.ts";
import { engine } from "@mh/core/policy/engine.ts";
import {
  loadPolicySet,
  type PolicySet,
  parsePolicyFile,
  policyRulesSchema,
  shippedRules,
  validate,
} from "@mh/core/policy/policy-set.ts";
import { isOfFile } from "@mh/core/policy/rule-file.ts";
import { decodeUtf8, lineNotUtf8, utf8 } from "@mh/core/ports/bytes.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { PolicyState } from "@mh/core/rules/policy.ts";
import "../adapters/cedar-anew.ts";

export const policyFolder = "persona/policy";

export interface PolicyFilesDeps {
  files: Files;
  crypto: Crypto;
  /** The name of the object that keeps the rules that were in force last; undefined where there never were any. */
  adopted: () => string | undefined;
  readObject: (name: string) => string | undefined;
  clock: { now(): number };
  /** Whether commands are being judged and written together just now: the rules do not change under them. */
  isJudging?: () => boolean;
  /** Called when other rules come into force, so that the journal can keep their text. */
  onChange?: (set: PolicySet) => void;
  /** Called when something is wrong with the rules, or no longer: each in a sentence. */
  onTrouble?: (troubles: readonly string[]) => void;
}

const checkEveryMs = 500;
/** What is in force holds a forbid until the owner adopts that it went: so much more than the files may pile up. */
const pileUp = 2;

/** The rules in force: shipped ones, and the owner's files against what the owner last adopted. Never throws. */
export class PolicyFiles {
  readonly #deps: PolicyFilesDeps;
  #signature = "";
  #checkedAt = Number.NEGATIVE_INFINITY;
  #set: PolicySet | undefined;
  #state: PolicyState | undefined;
  /** What was told last; at first what an earlier process told stands there. */
  #troubles: string | undefined;
  /** In force since a moment ago, while the log still names what was adopted before. */
  #unkept: { set: PolicySet; adopted: string | undefined } | undefined;

  constructor(deps: PolicyFilesDeps) {
    this.#deps = deps;
  }

  /** Looks at the files again twice a second at most: a stricter rule bites at once. */
  current(): PolicySet {
    const now = this.#deps.clock.now();
    const isDue = Math.abs(now - this.#checkedAt) >= checkEveryMs && !this.#deps.isJudging?.();
    if (!this.#set || isDue) this.#check(now);
    return this.#set as PolicySet;
  }

  state(): PolicyState {
    this.current();
    return this.#state as PolicyState;
  }

  /** What is wrong with the rules, each in a sentence. */
  troubles(): string[] {
    const { broken, trouble } = this.state();
    const { stops } = engine;
    const stopped = `The policy engine stopped ${stops === 1 ? "once" : `${stops} times`} and was loaded anew; the commands that it judged were denied.`;
    return [broken, trouble, stops > 0 ? stopped : undefined].filter((each) => each !== undefined);
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
    const { files } = this.#deps;
    const names = [...files.list(policyFolder), ...files.links(policyFolder)].filter((name) => name.endsWith(".cedar"));
    const signature = names.map((name) => JSON.stringify([name, files.facts(name)])).join();
    if (!this.#set || signature !== this.#signature) {
      this.#signature = signature;
      const before = this.#set?.hash;
      this.#load(names);
      // What cannot be read is no text to keep: the log goes on naming what the owner adopted.
      if (this.#set && this.#set.hash !== before && !this.#set.rules.has(closed.id)) {
        this.#unkept = { set: this.#set, adopted: this.#deps.adopted() };
        this.#deps.onChange?.(this.#set);
      }
    }
    this.#tellTroubles();
  }

  #tellTroubles(): void {
    const troubles = this.troubles();
    const told = JSON.stringify(troubles);
    if (told === this.#troubles) return;
    this.#troubles = told;
    this.#deps.onTrouble?.(troubles);
  }

  #load(names: readonly string[]): void {
    const found = this.#onDisk(names, this.#adopted());
    let { before, trouble } = found;
    const { onDisk, checked, broken } = found;
    try {
      this.#set = this.#loaded(before, onDisk, checked);
    } catch (error) {
      trouble = `What changed in the files is not in force: ${messageOf(error)}`;
      try {
        this.#set = this.#loaded(before, before, []);
      } catch (worse) {
        trouble = `${notUnderstood} (${messageOf(worse)})`;
        before = [closed];
        this.#set = this.#loaded(before, [], []);
      }
    }
    const pending = broken ? [] : pendingChanges(before, onDisk);
    const wrong = { ...(broken && { broken }), ...(trouble && { trouble }) };
    this.#state = { hash: this.#set.hash, inForce: [...this.#set.rules.values()], pending, onDisk, ...wrong };
  }

  /** Checks what no file holds word for word, and was checked there. */
  #loaded(before: readonly PolicyRule[], onDisk: readonly PolicyRule[], checked: readonly PolicyRule[]): PolicySet {
    const all = inForce(before, onDisk);
    if (onDisk !== before && all.length > pileUp * ruleBounds.rules) throw new Fault("policy.invalid", piledUp);
    const texts = new Set(checked.map(({ text }) => text));
    validate(
      before.filter(({ text }) => !texts.has(text)),
      "the rules in force",
    );
    return loadPolicySet(this.#deps.crypto, [...shippedRules(), ...all]);
  }

  /** The rules of the files; of a file that cannot be taken, those that were in force. */
  #onDisk(names: readonly string[], { before, trouble }: Adopted): OnDisk {
    const total: RuleCounts = { characters: 0, rules: 0, tokens: 0 };
    const checked: PolicyRule[] = [];
    let broken: string | undefined;
    const onDisk = names.flatMap((name, n) => {
      try {
        if (n >= ruleBounds.files) throw new Fault("policy.invalid", tooManyFiles);
        const rules = this.#parse(name, total);
        checked.push(...rules);
        return rules;
      } catch (error) {
        const message = messageOf(error);
        broken ??= message.startsWith(shortName(name)) ? message : `${shortName(name)}: ${message}`;
        return before.filter((rule) => isOfFile(rule, shortName(name)));
      }
    });
    return { before, trouble, onDisk, checked, broken };
  }

  #parse(name: string, total: RuleCounts): PolicyRule[] {
    const short = shortName(name);
    const bytes = this.#read(name);
    const text = decodeUtf8(bytes);
    if (text === undefined) throw new Fault("policy.invalid", `${short} line ${lineNotUtf8(bytes)}: it is not UTF-8.`);
    const counts = boundedRules(short, text);
    const sum = {
      characters: total.characters + counts.characters,
      rules: total.rules + counts.rules,
      tokens: total.tokens + counts.tokens,
    };
    within(sum, `${short} and the files before it`);
    Object.assign(total, sum);
    return parsePolicyFile(short, text);
  }

  #read(name: string): Uint8Array {
    const size = this.#deps.files.facts(name)?.size ?? 0;
    const short = shortName(name);
    if (this.#deps.files.linkOn(name) === name)
      throw new Fault("policy.invalid", `${short} is a link, and links are not followed. Put the file itself there.`);
    if (size > 4 * ruleBounds.characters)
      throw new Fault("policy.invalid", `${short} is too large: ${size} bytes. Take rules out of it.`);
    try {
      return this.#deps.files.read(name) ?? new Uint8Array();
    } catch (cause) {
      throw new Fault("policy.invalid", `${short} cannot be read. Check its permissions.`, { cause });
    }
  }

  /**
   * The owner's rules that were in force before. Where their text was lost, permits wait and forbids on disk bite; where it
   * is there and no longer understood, nothing but the recovery path is open until the owner adopts others.
   */
  #adopted(): Adopted {
    const { adopted, readObject } = this.#deps;
    const object = adopted();
    // A file that changes again before the log took the last change in takes no forbid away.
    if (this.#unkept && this.#unkept.adopted === object)
      return {
        before: [...this.#unkept.set.rules.values()].filter(({ origin }) => origin === "owner"),
        trouble: undefined,
      };
    const text = object && readObject(object);
    if (!text) return { before: [], trouble: undefined };
    const read = policyRulesSchema().safeParse(jsonOf(text));
    if (read.success) return { before: read.data.filter(({ origin }) => origin === "owner"), trouble: undefined };
    return { before: [closed], trouble: notUnderstood };
  }
}

interface Adopted {
  before: PolicyRule[];
  /** What is wrong with the rules in force. */
  trouble: string | undefined;
}

interface OnDisk extends Adopted {
  onDisk: PolicyRule[];
  /** Those that were read from a file just now. */
  checked: PolicyRule[];
  broken: string | undefined;
}

/** Only a `Fault` is an answer; anything else is a mistake of ours. */
function messageOf(error: unknown): string {
  if (error instanceof Fault) return error.message;
  throw error;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const notUnderstood = "The rules that were in force are not understood any more, so only the recovery path is open.";
const closed: PolicyRule = {
  ...{ id: "unreadable", effect: "forbid", layer: "boundary", origin: "owner" },
  title: "The rules that you adopted are not understood, so only the recovery path is open",
  text: "forbid (principal, action, resource);",
};

const piledUp =
  "More rules are in force than there may be: those that were taken out of files bind until you adopt that. Adopt, then add others.";
const tooManyFiles = `There are more than ${ruleBounds.files} files of rules. Put rules together in one file.`;

/** Keeps the text of rules that came into force: a verdict can be explained for ever, and a rule whose file goes stays. */
export function keepPolicy(tx: Transaction, id: string, set: PolicySet): void {
  if (adoptionRow(tx.db, "rules", rulesName)?.hash === set.hash) return;
  const object = tx.object(utf8.encode(canonical([...set.rules.values()])));
  tx.append({ phase: "adopt", id, principal: "file", body: { what: "policy", policyHash: set.hash, object } });
}

const shortName = (name: string): string => name.slice(policyFolder.length + 1);
