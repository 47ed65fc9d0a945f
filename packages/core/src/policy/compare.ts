import type { Decision } from "@mh/contract/values/effect.ts";
import { canonicalAddress } from "@mh/contract/values/mail-address.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { Crypto } from "../ports/crypto.ts";
import { intersect, judge, type Verdict } from "./judge.ts";
import { loadPolicySet, type PolicySet } from "./policy-set.ts";
import { saidBy } from "./policy-test.ts";
import { unobjectionable } from "./probe.ts";

/** What a change of rules makes of one command: its requests, the caller's first. */
export interface Comparison {
  before: Decision;
  after: Decision;
  /** The rules that decide now, or that decided before where nothing does now. */
  rules: string[];
}

export interface RuleChange {
  before: readonly PolicyRule[];
  after: readonly PolicyRule[];
  /** How the journal names an address: rules that name one are asked about requests in which it is sealed. */
  seal: (address: string) => string;
}

/**
 * Judges requests of the past by two sets of rules. Undefined where both say the same, `unknown` where the journal does not
 * keep what the changed rules look at. What rules do not look at makes no difference, so that few requests are judged twice.
 */
export function comparer(crypto: Crypto, change: RuleChange) {
  const sealed = (rules: readonly PolicyRule[]) =>
    rules.map((rule) => ({ ...rule, text: sealText(rule.text, change) }));
  const [before, after] = [sealed(change.before), sealed(change.after)];
  const both = [...missingFrom(after, before), ...missingFrom(before, after)];
  // A rule and its older text may share an id.
  const changed = both.map((rule, n) => ({ ...rule, id: `${n} ${rule.id}` }));
  const sets = [loadPolicySet(crypto, before), loadPolicySet(crypto, after)] as const;
  const touches = remembered((request: PolicyRequest) => isTouched(crypto, changed, request));
  const compareAll = remembered((...requests: PolicyRequest[]) => compareBoth(sets, requests));
  const seenByChanged = seenBy(changed);
  const seenByAll = seenBy([...before, ...after].filter(({ origin }) => origin === "owner"));
  return (requests: readonly PolicyRequest[]): Comparison | "unknown" | undefined => {
    if (!requests.some((request) => touches(narrowed(request, seenByChanged, false)))) {
      return requests.some((request) => isUnknown(request, changed)) ? "unknown" : undefined;
    }
    if (requests.some((request) => isUnknown(request, changed))) return "unknown";
    return compareAll(...requests.map((request) => narrowed(request, seenByAll, true)));
  };
}

function compareBoth(
  sets: readonly [PolicySet, PolicySet],
  requests: readonly PolicyRequest[],
): Comparison | undefined {
  const [before, after] = sets.map((set) => judgeAll(set, requests)) as [Verdict, Verdict];
  if (before.verdict === after.verdict) return undefined;
  const rules = after.rules.length > 0 ? after.rules : before.rules;
  return { before: before.verdict, after: after.verdict, rules };
}

function judgeAll(set: PolicySet, [first, ...rest]: readonly PolicyRequest[]): Verdict {
  return intersect([judge(set, first as PolicyRequest), ...rest.map((request) => judge(set, request))]);
}

/** Whether one of the changed rules, alone, says anything of a request, with or without an approval. */
function isTouched(crypto: Crypto, changed: readonly PolicyRule[], request: PolicyRequest): boolean {
  return [false, true].some((approved) => saidBy(crypto, changed, request, approved) !== "pass");
}

const missingFrom = (rules: readonly PolicyRule[], others: readonly PolicyRule[]): PolicyRule[] =>
  rules.filter(({ text }) => !others.some((other) => other.text === text));

/** Addresses in a rule as the journal writes them. */
function sealText(text: string, { seal }: RuleChange): string {
  return text.replaceAll(/"([^"\\\s]+@[^"\\\s]+)"/g, (_whole, address: string) =>
    JSON.stringify(seal(canonicalAddress(address))),
  );
}

/** The domains of sealed addresses are not known, and older requests do not say who was known. */
function isUnknown({ scope, outsiders }: PolicyRequest, changed: readonly PolicyRule[]): boolean {
  if (!scope.recipients?.length) return false;
  const looksAt = (attribute: RegExp) => changed.some(({ text }) => attribute.test(text));
  return looksAt(/ecipientDomains/) || (outsiders === undefined && looksAt(/\boutsiders\b/));
}

/** Which fields of a request some rules can tell apart. */
function seenBy(rules: readonly PolicyRule[]): (field: keyof typeof attributes) => boolean {
  const text = rules.map((rule) => rule.text).join("\n");
  const seesAll = /\bcontext\b(?!\s*\.\s*\w)|\basking\b/.test(text);
  return (field) => seesAll || attributes[field].some((name) => text.includes(name));
}

const attributes = {
  scope: ["paths", "hosts", "recipients", "olders", "omains"],
  outsiders: ["outsiders"],
  hour: ["hour", "minuteOfDay"],
  weekday: ["weekday"],
  minuteOfDay: ["minuteOfDay"],
  quietHours: ["quietHours"],
  amount: ["amount", "currency"],
  rateLeft: ["rateLeft"],
  spendLeft: ["spendLeft"],
  repeatsLeft: ["repeatsLeft"],
  questionsLeft: ["questionsLeft"],
} as const;

/** A request without what nobody looks at. The invariants look only at whether something is left. */
function narrowed(request: PolicyRequest, sees: ReturnType<typeof seenBy>, withInvariants: boolean): PolicyRequest {
  const narrow: PolicyRequest = { ...request };
  for (const field of Object.keys(attributes) as (keyof typeof attributes)[]) {
    if (sees(field) || narrow[field] === undefined) continue;
    if (!withInvariants || !field.endsWith("Left")) Object.assign(narrow, { [field]: unobjectionable[field] });
    else Object.assign(narrow, { [field]: Math.sign(Number(narrow[field])) });
  }
  // What let it through makes no difference to any rule.
  const { endorsed: _endorsed, ...judged } = narrow;
  if (withInvariants) return judged;
  const { plan: _plan, ...rest } = judged;
  return rest;
}

/** The answer of last time, where the same was asked. */
function remembered<Args extends readonly unknown[], Answer>(answer: (...args: Args) => Answer) {
  const known = new Map<string, Answer>();
  return (...args: Args): Answer => {
    const key = JSON.stringify(args);
    if (!known.has(key)) {
      if (known.size > 50_000) known.clear();
      known.set(key, answer(...args));
    }
    return known.get(key) as Answer;
  };
}
