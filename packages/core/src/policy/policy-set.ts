import type { CheckParseAnswer, DetailedError } from "@cedar-policy/cedar-wasm/nodejs";
import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type PolicyRule, policyRuleSchema } from "@mh/contract/values/policy-rule.ts";
import { z } from "zod";
import { canonical } from "../model/canonical.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import { boundedRules } from "./bounds.ts";
import { engine, type NamedPolicies, type StaticPolicies } from "./engine.ts";
import { seenBy, seesArguments } from "./seen.ts";
import { invariants, policySchema } from "./shipped.ts";
import { trustTablePolicies } from "./trust-table.ts";

/** Rules as the objects store keeps them. */
export const policyRulesSchema = once(() => z.array(policyRuleSchema()));

/** Rules that parsed and validated, ready to judge. `hash` names exactly these rules. */
export interface PolicySet {
  hash: string;
  rules: ReadonlyMap<string, PolicyRule>;
  permits: NamedPolicies;
  forbids: NamedPolicies;
  /** Those of the package alone, which judge the owner's recovery path. */
  readonly shipped: PolicySet;
  /** Whether a permit can tell two values of an attribute of the context apart. */
  isSeenByPermits: (attribute: string) => boolean;
  /** The same of all rules: what none of them sees need not be worked out. */
  isSeen: (attribute: string) => boolean;
  /** Rules whose answer the arguments of a command cannot change, nor an approval; and whether each of the owner's permits is one. */
  readonly standing: { rules: ReadonlySet<string>; permits: boolean };
  /** The forbids that an approval lifts, whatever else holds; undefined where a rule takes it in some other way. */
  readonly liftedByYes: ReadonlySet<string> | undefined;
}

/** Splits a file of the owner into rules named `<file>#<n>`, or `<file>#<@id>`. Throws `policy.invalid`. */
export function parsePolicyFile(name: string, text: string): PolicyRule[] {
  // The example that a home begins with is all comment: nothing of it is worth compiling Cedar's parser for.
  if (/^(?:[ \t\r\n]|\/\/[^\r\n]*)*$/.test(text)) return [];
  boundedRules(name, text);
  const parts = engine.parts(text);
  if (parts.type === "failure") throw invalid(name, text, parts.errors);
  const [template] = parts.policy_templates;
  if (template !== undefined) {
    const [line] = firstLines(text, [{ text: template }]);
    throw new Fault("policy.invalid", `${name}${lineWords(line)}: templates are not supported; write the rule out.`);
  }
  const rules = parts.policies.map((policy, n) => ruleOf(name, n, policy));
  const lines = firstLines(text, rules);
  const twice = rules.findIndex((rule, n) => rules.findIndex((other) => other.id === rule.id) !== n);
  if (twice >= 0) {
    const id = rules[twice]?.id;
    throw new Fault(
      "policy.invalid",
      `${name}${lineWords(lines[twice])}: two rules are called ${id}; give each its own @id.`,
    );
  }
  validate(rules, name, lines);
  return rules;
}

/** In which line of their file rules begin; undefined where Cedar gives one otherwise than it stands there. */
function firstLines(file: string, rules: readonly Pick<PolicyRule, "text">[]): (number | undefined)[] {
  let from = 0;
  return rules.map(({ text }) => {
    const at = file.indexOf(text, from);
    if (at < 0) return undefined;
    from = at + text.length;
    return file.slice(0, at).split("\n").length;
  });
}

const lineWords = (line: number | undefined): string => (line === undefined ? "" : ` line ${line}`);

/** The line of a place that Cedar counts in bytes, from 1. */
function lineAt(text: string, error: DetailedError): number | undefined {
  const start = error.sourceLocations?.[0]?.start;
  if (start === undefined || text === "") return undefined;
  return (
    utf8
      .encode(text)
      .subarray(0, start)
      .filter((byte) => byte === 0x0a).length + 1
  );
}

/** The rules that come with the package: the trust table and the invariants. */
export function shippedRules(): PolicyRule[] {
  return [...trustTablePolicies(), ...invariants].map((policy) => ({ ...policy, origin: "shipped" }));
}

/** Loads rules for judging. Throws `policy.invalid` on anything Cedar does not accept whole. */
export function loadPolicySet(crypto: Crypto, rules: readonly PolicyRule[]): PolicySet {
  const hash = policyHash(crypto, rules);
  const known = loaded.get(hash);
  if (known) return known;
  const texts = policySetsOf(rules);
  const permits = { name: permitsOf(hash), policies: texts.permits };
  const forbids = { name: forbidsOf(hash), policies: texts.forbids };
  for (const named of [permits, forbids]) accept(engine.hold(policySchema, named));
  const isSeenByPermits = seenBy(Object.values(texts.permits));
  const isSeen = seenBy(rules.map(({ text }) => text));
  let lifted: { ids: ReadonlySet<string> | undefined } | undefined;
  const set: PolicySet = {
    hash,
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    ...{ permits, forbids },
    get shipped() {
      return rules.every(isShipped) ? set : loadPolicySet(crypto, rules.filter(isShipped));
    },
    isSeenByPermits,
    isSeen,
    standing: standingOf(rules),
    // Read where an approval could lift something, which few commands of the owner's come to.
    get liftedByYes() {
      lifted ??= { ids: liftedByYes(rules) };
      return lifted.ids;
    },
  };
  if (loaded.size >= loadedMax) loaded.clear();
  loaded.set(hash, set);
  return set;
}

function standingOf(rules: readonly PolicyRule[]): PolicySet["standing"] {
  const sees = rules.filter(seesArguments);
  const names = new Set(sees.map(({ id }) => id));
  const standing = rules.filter(({ id, effect }) => effect === "forbid" && !names.has(id));
  return {
    rules: new Set(standing.map(({ id }) => id)),
    permits: !sees.some(({ effect, origin }) => effect === "permit" && origin === "owner"),
  };
}

const isShipped = ({ origin }: PolicyRule): boolean => origin === "shipped";

/** The two sets that Cedar is asked with, by the rules' ids. */
export function policySetsOf(rules: readonly PolicyRule[]): { permits: StaticPolicies; forbids: StaticPolicies } {
  const of = (effect: string) => rules.filter((rule) => rule.effect === effect).map((rule) => [rule.id, rule.text]);
  const everything = ["base", "permit (principal, action, resource);"];
  return { permits: Object.fromEntries(of("permit")), forbids: Object.fromEntries([everything, ...of("forbid")]) };
}

function liftedByYes(rules: readonly PolicyRule[]): ReadonlySet<string> | undefined {
  const lifted = new Set<string>();
  for (const { id, effect, text } of rules) {
    const uses = effect === "forbid" && text.includes("approved") ? usesOfYes(text) : [];
    if (!uses.every((use) => use === approved)) return undefined;
    if (uses.length > 0) lifted.add(id);
  }
  return lifted;
}

/** The exceptions of a rule, `unless { … || … }`, that speak of the approval, and whatever else of it does; as JSON. */
function usesOfYes(text: string): string[] {
  const parsed = engine.json(text);
  if (parsed.type === "failure") return [text];
  const parts = parsed.json.conditions.flatMap(({ kind, body }) =>
    kind === "unless" ? alternatives(body) : [`when ${JSON.stringify(body)}`],
  );
  return parts.filter((part) => part.includes("approved"));
}

const approved = JSON.stringify({ ".": { left: { Var: "context" }, attr: "approved" } });

/** The parts that `||` joins, as JSON. */
function alternatives(body: object): string[] {
  const { "||": either } = body as { "||"?: { left: object; right: object } };
  return either ? [...alternatives(either.left), ...alternatives(either.right)] : [JSON.stringify(body)];
}

/** Names exactly these rules. */
export function policyHash(crypto: Crypto, rules: readonly PolicyRule[]): string {
  return crypto.sha256Hex(canonical(Object.fromEntries(rules.map((rule) => [rule.id, rule.text]))));
}

export const permitsOf = (hash: string): string => `${hash}/permits`;
export const forbidsOf = (hash: string): string => `${hash}/forbids`;

const loaded = new Map<string, PolicySet>();
const loadedMax = 200;

function ruleOf(file: string, n: number, text: string): PolicyRule {
  const parsed = engine.json(text);
  if (parsed.type === "failure") throw invalid(file, text, parsed.errors);
  const notes = parsed.json.annotations ?? {};
  return {
    id: `${file}#${notes.id ?? n + 1}`,
    effect: parsed.json.effect,
    // A rule of the owner is a boundary: it cannot pass itself off as another layer.
    layer: "boundary",
    title: notes.title ?? text.replace(/\s+/g, " ").slice(0, 120),
    text,
    origin: "owner",
  };
}

/**
 * Checks rules against the schema, strictly. Throws `policy.invalid` with the first thing wrong, and its line in the file where
 * it is known in which `lines` of it they begin.
 */
export function validate(
  rules: readonly PolicyRule[],
  name: string,
  lines: readonly (number | undefined)[] = [],
): void {
  if (rules.length === 0) return; // Cedar would read the whole schema to find nothing wrong.
  const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.id, rule.text]));
  const answer = engine.validate(policySchema, staticPolicies);
  if (answer.type === "failure") throw invalid(name, "", answer.errors);
  const [first] = answer.validationErrors;
  if (!first) return;
  const n = rules.findIndex(({ id }) => id === first.policyId);
  const begins = lines[n];
  const line = begins && begins - 1 + (lineAt(rules[n]?.text ?? "", first.error) ?? 1);
  const where = line === undefined ? first.policyId : `${name}${lineWords(line)}`;
  throw new Fault("policy.invalid", `${where}: ${first.error.message}${hint(first.error)}`);
}

function invalid(name: string, text: string, errors: readonly DetailedError[]): Fault {
  const [first] = errors;
  const line = lineWords(first && lineAt(text, first));
  return new Fault(
    "policy.invalid",
    `${name}${line}: ${first?.message ?? "it cannot be read"}${first ? hint(first) : ""}`,
  );
}

const hint = (error: DetailedError): string => (error.help ? ` (${error.help})` : "");

function accept(answer: CheckParseAnswer): void {
  if (answer.type === "failure") throw invalid("the policy", "", answer.errors);
}
