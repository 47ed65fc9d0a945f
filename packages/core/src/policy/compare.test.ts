import { effects, risks, trustLevels } from "@mh/contract/values/effect.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { comparer } from "./compare.ts";
import { intersect, judge } from "./judge.ts";
import { loadPolicySet, parsePolicyFile, shippedRules } from "./policy-set.ts";
import { unobjectionable, withParts } from "./probe.ts";

const seal = (address: string) => `hmac:${nodeCrypto.sha256Hex(address).slice(0, 16)}`;
const withMine = (text: string) => [...shippedRules(), ...parsePolicyFile("mine.cedar", text)];
const compared = (text: string, ...parts: Partial<PolicyRequest>[]) =>
  comparer(nodeCrypto, { before: shippedRules(), after: withMine(text), seal })([
    withParts(unobjectionable, { effect: "send" }, ...parts),
  ]);

const toEve = `forbid (principal, action, resource) when { context.recipients.contains("Eve@Example.net") };`;
const toUnknown = `forbid (principal, action, resource) when { !context.outsiders.isEmpty() };`;
const atDomain = `forbid (principal, action, resource) when { context.recipientDomains.contains("example.net") };`;
const eve = { scope: { recipients: [seal("eve@example.net")] } };

test("a rule that names an address is asked about the journal's name for it", () => {
  expect(compared(toEve, eve)).toEqual({ before: "allow", after: "deny", rules: ["mine.cedar#1"] });
  expect(compared(toEve, { scope: { recipients: [seal("ada@example.net")] } })).toBeUndefined();
});

test("what the journal does not keep is unknown, and not guessed", () => {
  expect(compared(atDomain, eve)).toBe("unknown");
  expect(compared(atDomain, {})).toBeUndefined();
  expect(compared(toUnknown, eve)).toBe("unknown");
  expect(compared(toUnknown, { ...eve, outsiders: [seal("eve@example.net")] })).toMatchObject({ after: "deny" });
  expect(compared(toUnknown, { ...eve, outsiders: [] })).toBeUndefined();
});

test("a rule that goes is compared as well as one that comes", () => {
  const change = { before: withMine(toEve), after: shippedRules(), seal };
  const requests = [withParts(unobjectionable, { effect: "send" }, eve)];
  expect(comparer(nodeCrypto, change)(requests)).toMatchObject({ before: "deny", after: "allow" });
});

const anyRequest: fc.Arbitrary<PolicyRequest> = fc.record({
  principal: fc.constantFrom("agent:a", "client:b", "owner"),
  trust: fc.constantFrom(...trustLevels),
  skill: fc.constantFrom("outbox.append", "mail.send"),
  effect: fc.constantFrom(...effects),
  risk: fc.constantFrom(...risks),
  scope: fc.constantFrom({}, { paths: ["/a/b"] }, { hosts: ["x.example.org"] }),
  may: fc.boolean(),
  granted: fc.boolean(),
  inScope: fc.boolean(),
  protectedArea: fc.constant(false),
  stopped: fc.boolean(),
  rateLeft: fc.integer({ min: -3, max: 900 }),
  repeatsLeft: fc.integer({ min: -1, max: 9 }),
  questionsLeft: fc.integer({ min: -1, max: 2 }),
  unvouched: fc.constantFrom([], ["to"]),
  hour: fc.integer({ min: 0, max: 23 }),
  minuteOfDay: fc.integer({ min: 0, max: 1439 }),
  weekday: fc.integer({ min: 1, max: 7 }),
  amount: fc.record({ minor: fc.integer({ min: 0, max: 99 }), currency: fc.constant("EUR") }),
});

const rules = [
  `forbid (principal, action == mh::Action::"send", resource) when { context.hour >= 22 };`,
  `forbid (principal, action, resource == mh::Skill::"mail.send") unless { context.approved };`,
  `forbid (principal, action, resource) when { context.rateLeft < 500 };`,
  `forbid (principal, action, resource) when { context.repeatsLeft < 5 && !principal.owner };`,
  `forbid (principal, action, resource) when { context.folders.contains("/a") || context.amount > 50 };`,
  `permit (principal, action, resource) when { context.weekday == 7 && principal.trustLevel > 1 };`,
  `forbid (principal, action, resource) when { context == context && context.minuteOfDay < 60 };`,
  `forbid (principal, action, resource) when { context.approved };`,
];

test("what is left out as nobody looks at it, and what is remembered, change no comparison", () => {
  fc.assert(
    fc.property(
      fc.subarray(rules),
      fc.subarray(rules),
      fc.array(fc.array(anyRequest, { minLength: 1, maxLength: 2 }), { minLength: 4, maxLength: 8 }),
      (mine, then, commands) => {
        const [before, after] = [withMine(mine.join("\n")), withMine(then.join("\n"))];
        const compare = comparer(nodeCrypto, { before, after, seal });
        const sets = [loadPolicySet(nodeCrypto, before), loadPolicySet(nodeCrypto, after)];
        for (const [first, ...rest] of commands as [PolicyRequest, ...PolicyRequest[]][]) {
          const plain = sets.map(
            (set) => intersect([judge(set, first), ...rest.map((each) => judge(set, each))]).verdict,
          );
          const found = compare([first, ...rest]);
          const told = found && found !== "unknown" ? [found.before, found.after] : [plain[0], plain[0]];
          expect(told).toEqual(plain);
        }
      },
    ),
    { seed: inject("seed"), numRuns: 40 },
  );
});

test("an ordinary past is compared much faster than judged one by one", () => {
  const [before, after] = [shippedRules(), withMine(rules[0] as string)];
  const compare = comparer(nodeCrypto, { before, after, seal });
  const sets = [loadPolicySet(nodeCrypto, before), loadPolicySet(nodeCrypto, after)];
  const past = (n: number): PolicyRequest => {
    const time = { hour: (n >> 3) % 24, minuteOfDay: (n * 7) % 1440, weekday: (n % 7) + 1, rateLeft: n % 1000 };
    return { ...unobjectionable, ...time, principal: `agent:a${n % 5}`, effect: effects[n % 8] ?? "read" };
  };
  const judged = timed(500, (n) => sets.some((set) => judge(set, past(n)).verdict === "deny"));
  const compared = timed(20_000, (n) => compare([past(n)]) !== undefined);
  expect(compared.found).toBeGreaterThan(0);
  expect(judged.ms / 500 / (compared.ms / 20_000)).toBeGreaterThan(3);
});

function timed(times: number, isFound: (n: number) => boolean): { found: number; ms: number } {
  const begun = process.cpuUsage();
  let found = 0;
  for (let n = 0; n < times; n += 1) if (isFound(n)) found += 1;
  return { found, ms: process.cpuUsage(begun).user / 1_000 };
}
