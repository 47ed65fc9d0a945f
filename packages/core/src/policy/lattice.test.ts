import { effects, risks, type Scope, trustLevels, verdicts } from "@mh/contract/values/effect.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { intersect, judge } from "./judge.ts";
import { loadPolicySet, shippedRules } from "./policy-set.ts";

const settings = (numRuns: number) => ({ seed: inject("seed"), numRuns });
const strength = (verdict: (typeof verdicts)[number]) => verdicts.indexOf(verdict);

const left = fc.constantFrom(-1, 0, 1);
const anyRequest: fc.Arbitrary<PolicyRequest> = fc
  .record({
    principal: fc.constantFrom(
      "agent:a",
      "client:b",
      "mcp:m",
      "module:o",
      "skill:s",
      "peer:c",
      "file",
      "owner",
      "owner/phone",
    ),
    trust: fc.constantFrom(...trustLevels),
    skill: fc.constantFrom("outbox.append", "device.add", "plan.propose"),
    effect: fc.constantFrom(...effects),
    risk: fc.constantFrom(...risks),
    scope: fc.constantFrom<Scope[]>({}, { paths: ["/a/b"] }, { hosts: ["a.example"], recipients: ["eve@example.net"] }),
    may: fc.boolean(),
    granted: fc.boolean(),
    inScope: fc.boolean(),
    protectedArea: fc.boolean(),
    stopped: fc.boolean(),
    rateLeft: left,
    unvouched: fc.constantFrom<string[][]>([], ["to"]),
    hour: fc.integer({ min: 0, max: 23 }),
    weekday: fc.integer({ min: 1, max: 7 }),
    more: fc.record(
      {
        outsiders: fc.constant<string[]>(["eve@example.net"]),
        quietHours: fc.boolean(),
        amount: fc.record({ minor: fc.integer({ min: 0, max: 9999 }), currency: fc.constantFrom("EUR", "USD") }),
        spendLeft: left,
        repeatsLeft: left,
        questionsLeft: left,
        plan: fc.constant("p1/1"),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ more, ...request }) => ({ ...request, ...more }));

/** Parts of conditions that an owner may write, the errors that Cedar can meet among them. */
const atom = fc.constantFrom(
  "true",
  "principal.owner",
  "context.approved",
  "context.granted",
  "context.inScope",
  "context.stopped",
  "context.hour >= 12",
  "context.riskLevel >= 1",
  "principal.trustLevel < 3",
  "context.amount > 5000",
  "context.outsiders.isEmpty()",
  `context.folders.contains("/a")`,
  "context.quietHours",
  "context.asking",
  "context.questionsLeft <= 0",
);
/** Overflows once it is worked out: a rule that fails denies. */
const failing = "9223372036854775807 + context.hour + 1 > 0";
const condition = fc
  .array(fc.tuple(fc.boolean(), atom), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map(([isNot, text]) => (isNot ? `!(${text})` : text)).join(" && "));
const action = fc.constantFrom("action", ...effects.map((effect) => `action == mh::Action::"${effect}"`));

const ruleOf = (effect: "permit" | "forbid") =>
  fc.tuple(action, condition, fc.option(condition)).map(([on, when, unless], n = 0): PolicyRule => {
    const text = `${effect} (principal, ${on}, resource) when { ${when} }${unless ? ` unless { ${unless} }` : ""};`;
    return { id: `mine.cedar#${effect}${n}`, effect, layer: "boundary", title: "mine", text, origin: "owner" };
  });
const numbered = (rules: readonly PolicyRule[]) => rules.map((rule, n) => ({ ...rule, id: `${rule.id}.${n}` }));
const ownersRules = fc.array(fc.oneof(ruleOf("permit"), ruleOf("forbid")), { maxLength: 4 }).map(numbered);
const setOf = (rules: readonly PolicyRule[]) => loadPolicySet(nodeCrypto, [...shippedRules(), ...rules]);

/** The invariants in plain code: what no rule, grant, trust, plan or approval may change. */
function isNeverAllowed(request: PolicyRequest): boolean {
  const { principal, effect, skill } = request;
  if (skill === "device.add" && principal !== "owner") return true;
  if (isOwner(principal)) return request.stopped && !["read", "write", "admin"].includes(effect);
  return (
    effect === "admin" ||
    !request.may ||
    request.stopped ||
    request.protectedArea ||
    request.rateLeft <= 0 ||
    (request.spendLeft ?? 0) < 0
  );
}

/** What is never done without approval: by a plan either, where an untrusted value would control it. */
function isNeverUnasked(request: PolicyRequest): boolean {
  if (isOwner(request.principal)) return request.effect === "destroy";
  if (request.unvouched.length > 0) return true;
  if (request.plan) return false;
  const isRisky = request.risk === "high" && request.effect !== "read";
  return !request.granted || isRisky || (request.repeatsLeft ?? 1) <= 0 || request.effect === "destroy";
}

/** Exceptions that take the approval in every way there is. */
const exceptions = fc
  .tuple(
    fc.constantFrom(
      "A || context.approved",
      "context.approved || A",
      "A && context.approved",
      "!(A || context.approved)",
      "if A then false else A || context.approved",
      "A || context.approved || !context.approved",
      "context.approved",
    ),
    atom,
  )
  .map(([shape, text]) => shape.replaceAll("A", () => `(${text})`));
const askRules = fc.array(fc.tuple(action, condition, exceptions), { maxLength: 3 }).map((rules) =>
  rules.map(([on, when, unless], n): PolicyRule => {
    const text = `forbid (principal, ${on}, resource) when { ${when} } unless { ${unless} };`;
    return { id: `asks.cedar#${n}`, effect: "forbid", layer: "boundary", title: "asks", text, origin: "owner" };
  }),
);
/** They do nothing, but that Cedar is asked whatever could be worked out or remembered. */
const theLongWay = (["permit", "forbid"] as const).map((effect): PolicyRule => {
  const text = `${effect} (principal, action, resource) when { context == context && context.approved && context.hour > 99 };`;
  return { id: `long.cedar#${effect}`, effect, layer: "boundary", title: "long", text, origin: "owner" };
});

test("H10 what is worked out from an answer of Cedar's, or remembered of one, is what Cedar says", () => {
  const requests = fc.array(anyRequest, { minLength: 8, maxLength: 16 });
  fc.assert(
    fc.property(ownersRules, askRules, requests, fc.boolean(), (rules, asking, each, approved) => {
      const [short, long] = [setOf([...rules, ...asking]), setOf([...rules, ...asking, ...theLongWay])];
      expect(long.liftedByYes).toBeUndefined();
      expect(long.isSeenByPermits("weekday")).toBe(true);
      for (const request of each) {
        const { policyHash: _short, ...found } = judge(short, request, approved);
        const { policyHash: _long, ...said } = judge(long, request, approved);
        expect(found).toEqual(said);
      }
    }),
    settings(60),
  );
});

test("H10 of the shipped rules, and of those that ask in plain words, the effect of an approval is known without asking twice", () => {
  expect([...(setOf([]).liftedByYes ?? [])].sort()).toEqual([
    "invariant.first-use",
    "invariant.high-risk",
    "invariant.irreversible",
    "invariant.provenance",
    "invariant.repeat",
  ]);
});

test("H7 no combination of grants, trust, plans and rules of the owner loosens an invariant", () => {
  fc.assert(
    fc.property(ownersRules, fc.array(anyRequest, { minLength: 8, maxLength: 16 }), (rules, requests) => {
      const set = setOf(rules);
      for (const request of requests) {
        if (isNeverAllowed(request)) {
          expect(judge(set, request).verdict).toBe("deny");
          expect(judge(set, request, true).verdict).toBe("deny");
        } else if (isNeverUnasked(request)) expect(judge(set, request).verdict).not.toBe("allow");
      }
    }),
    settings(40),
  );
});

test("H7 adding a forbid never allows more, with an approval or without one", () => {
  fc.assert(
    fc.property(
      ownersRules,
      ruleOf("forbid"),
      fc.array(anyRequest, { minLength: 6, maxLength: 12 }),
      fc.boolean(),
      (rules, forbid, requests, approved) => {
        const before = setOf(rules);
        const after = setOf([...rules, { ...forbid, id: "mine.cedar#one-more" }]);
        for (const request of requests) {
          const [was, is] = [judge(before, request, approved).verdict, judge(after, request, approved).verdict];
          expect(strength(is)).toBeGreaterThanOrEqual(strength(was));
        }
      },
    ),
    settings(40),
  );
});

test("H10 taking away a permit never allows more", () => {
  fc.assert(
    fc.property(
      ownersRules,
      ruleOf("permit"),
      fc.array(anyRequest, { minLength: 6, maxLength: 12 }),
      (rules, permit, requests) => {
        const [less, more] = [setOf(rules), setOf([...rules, { ...permit, id: "mine.cedar#one-more" }])];
        for (const request of requests) {
          const [without, having] = [judge(less, request).verdict, judge(more, request).verdict];
          expect(strength(having)).toBeLessThanOrEqual(strength(without));
        }
      },
    ),
    settings(40),
  );
});

test.for(["forbid", "permit"] as const)(
  "H10 a %s that fails while it is judged denies, with an approval or without one",
  (effect) => {
    fc.assert(
      fc.property(ownersRules, anyRequest, fc.boolean(), (rules, request, approved) => {
        const text = `${effect} (principal, action, resource) when { ${failing} };`;
        const rule: PolicyRule = {
          id: "mine.cedar#fails",
          effect,
          layer: "boundary",
          title: "fails",
          text,
          origin: "owner",
        };
        expect(judge(setOf([...rules, rule]), request, approved).verdict).toBe("deny");
      }),
      settings(40),
    );
  },
);

test("H10 what stands against more is never allowed more: one worse fact at a time", () => {
  const worse: ((request: PolicyRequest) => PolicyRequest)[] = [
    (request) => ({ ...request, may: false }),
    (request) => ({ ...request, granted: false }),
    (request) => ({ ...request, inScope: false }),
    (request) => ({ ...request, stopped: true }),
    (request) => ({ ...request, protectedArea: true }),
    (request) => ({ ...request, risk: "high" }),
    (request) => ({ ...request, rateLeft: 0 }),
    (request) => ({ ...request, spendLeft: -1 }),
    (request) => ({ ...request, repeatsLeft: 0 }),
    (request) => ({ ...request, questionsLeft: 0 }),
    (request) => ({ ...request, unvouched: [...request.unvouched, "id"] }),
    (request) => ({ ...request, trust: "observe" }),
    ({ plan: _plan, ...request }) => request,
  ];
  const set = setOf([]);
  fc.assert(
    fc.property(anyRequest, fc.constantFrom(...worse), fc.boolean(), (request, change, approved) => {
      const [was, is] = [judge(set, request, approved).verdict, judge(set, change(request), approved).verdict];
      expect(strength(is)).toBeGreaterThanOrEqual(strength(was));
    }),
    settings(400),
  );
});

test("P11 along a chain of causes nobody gains: the strongest verdict of all stands", () => {
  const set = setOf([]);
  fc.assert(
    fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 4 }), (requests) => {
      const [first, ...rest] = requests.map((request) => judge(set, request)) as [ReturnType<typeof judge>];
      const all = intersect([first, ...rest]);
      const strongest = Math.max(...[first, ...rest].map(({ verdict }) => strength(verdict)));
      expect(strength(all.verdict)).toBe(strongest);
    }),
    settings(80),
  );
});
