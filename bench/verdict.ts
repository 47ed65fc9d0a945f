// A verdict of the judge with the shipped rules and one of the owner's (DESIGN §10: p95 at most 1 ms at 50 policies).

import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { ruleBounds } from "@mh/core/policy/bounds.ts";
import { judge } from "@mh/core/policy/judge.ts";
import { loadPolicySet, parsePolicyFile, shippedRules } from "@mh/core/policy/policy-set.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { quantile } from "./support/median.ts";

const mine = `@id("quiet") forbid (principal, action == mh::Action::"send", resource) when { context.hour >= 22 };`;
const set = loadPolicySet(nodeCrypto, [...shippedRules(), ...parsePolicyFile("bench.cedar", mine)]);
const base: PolicyRequest = {
  principal: "agent:bench",
  trust: "suggest",
  skill: "memory.capture",
  effect: "write",
  risk: "low",
  scope: {},
  may: true,
  granted: true,
  inScope: false,
  protectedArea: false,
  stopped: false,
  rateLeft: 100,
  unvouched: [],
  hour: 9,
  weekday: 1,
};
const requests: Record<string, PolicyRequest> = {
  allow: base,
  ask: { ...base, effect: "destroy", unvouched: ["id"] },
  deny: { ...base, may: false, granted: false },
};

for (const [expected, request] of Object.entries(requests)) {
  const times: number[] = [];
  for (let n = 0; n < 2500; n += 1) {
    const start = performance.now();
    const { verdict } = judge(set, request);
    if (n >= 500) times.push(performance.now() - start);
    if (verdict !== expected) throw new Error(`${verdict} instead of ${expected}`);
  }
  const p95Ms = quantile(times, 0.95);
  const line = { bench: "verdict", verdict: expected, policies: set.rules.size, p50Ms: quantile(times, 0.5), p95Ms };
  console.log(JSON.stringify({ ...line, budget: 1, withinBudget: p95Ms <= 1 }));
}

// The most rules that are taken: as many as there may be, of as many words as all of them may have.
const termsEach = Math.floor(ruleBounds.tokens / ruleBounds.rules / 7) - 3;
const most = Array.from({ length: ruleBounds.rules }, (_, n) => {
  const terms = Array.from({ length: termsEach }, (_each, i) => `context.minuteOfDay == ${2000 + n + i}`);
  return `forbid (principal, action, resource) when { ${terms.join(" || ")} } unless { context.approved };`;
});
const readingSince = performance.now();
const largest = loadPolicySet(nodeCrypto, [...shippedRules(), ...parsePolicyFile("most.cedar", most.join("\n"))]);
const readMs = performance.now() - readingSince;
const slowest: number[] = [];
for (let n = 0; n < 400; n += 1) {
  // Nothing that was remembered fits: each is asked anew.
  const request = { ...base, amount: { minor: n, currency: "EUR" }, scope: { paths: [`/home/ada/${n}`] } };
  const start = performance.now();
  judge(largest, request);
  if (n >= 50) slowest.push(performance.now() - start);
}
const p99Ms = quantile(slowest, 0.99);
const line = {
  bench: "verdict with the most rules",
  policies: largest.rules.size,
  readMs,
  p50Ms: quantile(slowest, 0.5),
};
console.log(JSON.stringify({ ...line, p99Ms, budget: 50, withinBudget: p99Ms <= 50 }));
