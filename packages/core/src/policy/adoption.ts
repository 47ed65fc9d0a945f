import type { PendingRule, PolicyRule } from "@mh/contract/values/policy-rule.ts";

/**
 * What is in force when the files on disk differ from what was in force before: a narrowing bites at once, a widening
 * waits for the owner. So every forbid of either side counts, and only the permits that both sides have.
 */
export function inForce(before: readonly PolicyRule[], onDisk: readonly PolicyRule[]): PolicyRule[] {
  const forbids = uniqueByText([...onDisk, ...before].filter((rule) => rule.effect === "forbid"));
  const permits = onDisk.filter((rule) => rule.effect === "permit" && hasText(before, rule));
  return withUniqueIds([...forbids, ...permits]);
}

/** The changes that wait for the owner: permits added, forbids taken away. */
export function pendingChanges(before: readonly PolicyRule[], onDisk: readonly PolicyRule[]): PendingRule[] {
  return [
    ...onDisk.filter((rule) => rule.effect === "permit" && !hasText(before, rule)).map(change("adds a permit")),
    ...before.filter((rule) => rule.effect === "forbid" && !hasText(onDisk, rule)).map(change("takes away a forbid")),
  ];
}

const change = (what: PendingRule["what"]) => (rule: PolicyRule) => ({ what, rule });

const hasText = (rules: readonly PolicyRule[], { text }: PolicyRule): boolean => rules.some((r) => r.text === text);

function uniqueByText(rules: readonly PolicyRule[]): PolicyRule[] {
  return [...new Map(rules.map((rule) => [rule.text, rule])).values()];
}

/** An edited forbid and its older text may share an id; both stay in force. */
function withUniqueIds(rules: readonly PolicyRule[]): PolicyRule[] {
  const seen = new Set<string>();
  return rules.map((rule) => {
    let id = rule.id;
    while (seen.has(id)) id = `${id} (before)`;
    seen.add(id);
    return { ...rule, id };
  });
}
