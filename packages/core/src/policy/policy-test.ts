import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { type PolicyRequest, policyRequestSchema } from "@mh/contract/values/record.ts";
import type { Crypto } from "../ports/crypto.ts";
import { judge } from "./judge.ts";
import type { Expected, RuleCase } from "./plain-words/to-rule.ts";
import { loadPolicySet, parsePolicyFile } from "./policy-set.ts";
import { unobjectionable, withParts } from "./probe.ts";

export interface TestedCase extends RuleCase {
  line: number;
  found: Expected;
}

const everything: PolicyRule = {
  id: "everything",
  effect: "permit",
  layer: "boundary",
  title: "Everything is permitted",
  text: "permit (principal, action, resource);",
  origin: "shipped",
};

/**
 * Runs the cases that stand in a file of rules as comments: `// test deny: {"effect":"send","hour":23}`. Each says only how
 * it differs from a request that nothing speaks against, and is judged by the rules of that file alone: `deny`, `ask`,
 * `allow` where a permit speaks for it, `pass` where none of them speaks.
 */
export function testPolicyFile(crypto: Crypto, name: string, text: string): TestedCase[] {
  const rules = parsePolicyFile(name, text);
  return casesIn(name, text).map((each) => ({ ...each, found: saidBy(crypto, rules, each.request) }));
}

/** What some rules alone say of a request. */
export function saidBy(
  crypto: Crypto,
  rules: readonly PolicyRule[],
  part: RuleCase["request"],
  approved = false,
): Expected {
  const request = withParts(unobjectionable, part);
  const forbids = rules.filter(({ effect }) => effect === "forbid");
  const verdict = judge(loadPolicySet(crypto, [everything, ...forbids]), request, approved).verdict;
  if (verdict !== "allow") return verdict;
  const permits = loadPolicySet(
    crypto,
    rules.filter(({ effect }) => effect === "permit"),
  );
  return judge(permits, request, approved).verdict !== "deny" ? "allow" : "pass";
}

const caseLine = /^\s*\/\/\s*test\s+(deny|ask|allow|pass)\s*:\s*(.*)$/;

function casesIn(name: string, text: string): (RuleCase & { line: number })[] {
  return text.split("\n").flatMap((row, n) => {
    const [, expected, json = ""] = caseLine.exec(row) ?? [];
    if (!expected) return [];
    return [{ line: n + 1, expected: expected as Expected, request: requestIn(name, n + 1, json) }];
  });
}

function requestIn(name: string, line: number, json: string): Partial<PolicyRequest> {
  const wrong = (what: string) => new Fault("policy.invalid", `${name} line ${line}: the test case ${what}.`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrong("is not JSON");
  }
  const parsed = policyRequestSchema().partial().safeParse(value);
  if (parsed.success) return parsed.data as Partial<PolicyRequest>;
  const [issue] = parsed.error.issues;
  throw wrong(`is no part of a request: ${issue?.path.join(".")}: ${issue?.message}`);
}
