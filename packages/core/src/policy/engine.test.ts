import "@mh/host/adapters/cedar-anew.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { boundedRules } from "./bounds.ts";
import { engine } from "./engine.ts";
import { judge } from "./judge.ts";
import { loadPolicySet, parsePolicyFile, shippedRules } from "./policy-set.ts";
import { testPolicyFile } from "./policy-test.ts";
import { unobjectionable } from "./probe.ts";

const request = { ...unobjectionable, principal: "owner" };
const rule = (condition: string) => `forbid (principal, action, resource) when { ${condition} };`;
const times = (count: number, text: string, between = "") => Array.from({ length: count }, () => text).join(between);

/** Ways to make a rule large, by how large; and how large Cedar could not take it. */
const growing: Record<string, { grow: (n: number) => string; tooLarge: number }> = {
  terms: { grow: (n) => rule(times(n, "context.hour == 25", " || ")), tooLarge: 6400 },
  sum: { grow: (n) => rule(`${times(n, "context.hour", " + ")} == 1000000`), tooLarge: 6400 },
  brackets: { grow: (n) => rule(`${"(".repeat(n)}context.stopped${")".repeat(n)}`), tooLarge: 400 },
  negations: { grow: (n) => rule(`${"!(".repeat(n)}context.stopped${")".repeat(n)} == ${n % 2 === 0}`), tooLarge: 400 },
  sets: { grow: (n) => rule(`${"[".repeat(n)}1${"]".repeat(n)} == ${"[".repeat(n)}2${"]".repeat(n)}`), tooLarge: 400 },
  records: { grow: (n) => rule(`${"{a:".repeat(n)}false${"}".repeat(n)}${".a".repeat(n)}`), tooLarge: 400 },
  ifs: { grow: (n) => rule(`${times(n, "if context.stopped then true else ")}false`), tooLarge: 1600 },
  clauses: {
    grow: (n) => `forbid (principal, action, resource) ${times(n, "when { context.stopped } ")};`,
    tooLarge: 25_600,
  },
  notes: {
    grow: (n) => `${Array.from({ length: n }, (_, i) => `@a${i}("x")`).join(" ")} ${rule("context.stopped")}`,
    tooLarge: 25_600,
  },
  members: {
    grow: (n) => rule(`[${Array.from({ length: n }, (_, i) => `"a${i}"`).join(",")}].contains(context.currency)`),
    tooLarge: 100_000,
  },
  stars: { grow: (n) => rule(`context.currency like "a${"*".repeat(n)}"`), tooLarge: 100 },
  string: { grow: (n) => rule(`context.currency == "${"a".repeat(n)}"`), tooLarge: 1_000_000 },
  rules: {
    grow: (n) => Array.from({ length: n }, (_, i) => `@id("r${i}") ${rule(`context.hour == ${i + 30}`)}`).join("\n"),
    tooLarge: 20_000,
  },
  comment: { grow: (n) => `// ${"x".repeat(n)}\n${rule("context.stopped")}`, tooLarge: 10_000_000 },
};

function isWithin(text: string): boolean {
  try {
    boundedRules("x.cedar", text);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "policy.invalid", message: expect.stringMatching(/^x\.cedar.*\d/) });
    return false;
  }
}

/** The largest that is taken. */
function largest(grow: (n: number) => string, tooLarge: number): number {
  let [taken, refused] = [1, tooLarge];
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2);
    if (isWithin(grow(middle))) taken = middle;
    else refused = middle;
  }
  return taken;
}

for (const [name, { grow, tooLarge }] of Object.entries(growing)) {
  test(`S17 the largest rule by its ${name} that is taken is judged, and what is larger Cedar never sees`, () => {
    const stops = engine.stops;
    expect(isWithin(grow(tooLarge))).toBe(false);
    for (const read of [parsePolicyFile, testPolicyFile.bind(undefined, nodeCrypto)])
      expect(() => read("x.cedar", grow(tooLarge))).toThrow(/^x\.cedar/);
    const text = grow(largest(grow, tooLarge));
    const set = loadPolicySet(nodeCrypto, [...shippedRules(), ...parsePolicyFile("x.cedar", text)]);
    expect(judge(set, request).verdict).toBe("allow");
    expect(engine.stops).toBe(stops);
  });
}

const tokens = fc.constantFrom(
  ..."( ) [ ] { } . , ; : :: == != < && || ! - + * in like has is if then else when unless forbid permit principal action resource context hour true 1 @id".split(
    " ",
  ),
  ...['"a"', '"*"', '"', "//", "\n", "\\", "é", "mh::Action::"],
);

test("S17 no text within the bounds stops the engine: it is a rule, or it is refused", () => {
  const nested = fc.letrec<{ it: string }>((tie) => ({
    it: fc.oneof(
      { maxDepth: 40 },
      fc.constantFrom("context.may", "context.hour == 1", "1"),
      fc
        .constantFrom("(,)", "[,]", "!(,)", "-(,)", "{a:,}.a", "(if true then 1 else ,)")
        .chain((around) => tie("it").map((inner) => around.replace(",", inner))),
      fc.tuple(tie("it"), fc.constantFrom("&&", "||", "+", "=="), tie("it")).map((parts) => parts.join(" ")),
    ),
  })).it;
  const soup = fc.array(tokens, { maxLength: 3000 }).map((words) => words.join(" "));
  const stops = engine.stops;
  fc.assert(
    fc.property(fc.oneof(soup, nested.map(rule)), (text) => {
      try {
        const rules = parsePolicyFile("x.cedar", text);
        judge(loadPolicySet(nodeCrypto, [...shippedRules(), ...rules]), request);
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
      expect(engine.stops).toBe(stops);
    }),
    { seed: inject("seed"), numRuns: process.env.CI ? 3000 : 150 },
  );
});

const owners = (text: string): PolicyRule => ({
  ...{ id: "x.cedar#1", effect: "forbid", layer: "boundary", title: "Large", origin: "owner" },
  text,
});

test("S17 after a trap the engine is another one, which knows all that it knew", () => {
  const set = loadPolicySet(nodeCrypto, [...shippedRules(), owners(rule("context.hour == 3"))]);
  const verdicts = () => [3, 12].map((hour) => judge(set, { ...request, hour }).verdict);
  expect(verdicts()).toEqual(["deny", "allow"]);
  for (const name of ["brackets", "ifs", "negations"] as const) {
    const { grow, tooLarge } = growing[name] as (typeof growing)[string];
    const stops = engine.stops;
    expect(() => engine.parts(grow(tooLarge))).toThrow(/policy engine stopped/);
    expect(engine.stops).toBe(stops + 1);
    expect(verdicts()).toEqual(["deny", "allow"]);
  }
});

test("S17 a trap while a command is judged is a deny of that command, and of no other", () => {
  const heavy = owners(
    `forbid (principal, action, resource) when { ${times(600, "context.hour == 25", " || ")} } unless { context.approved };`,
  );
  const sound = loadPolicySet(nodeCrypto, [...shippedRules(), owners(rule("context.hour == 3"))]);
  const set = loadPolicySet(nodeCrypto, [...shippedRules(), heavy]);
  const stops = engine.stops;
  const verdict = judge(set, { ...request, hour: 5 });
  expect([verdict.verdict, verdict.layer, verdict.policyHash]).toEqual(["deny", "boundary", set.hash]);
  expect(verdict.layers.map(({ reason }) => reason).join()).toContain("policy engine stopped");
  expect(engine.stops).toBeGreaterThan(stops);
  expect(judge(sound, request).verdict).toBe("allow");
  expect(judge(set, { ...request, hour: 5, recovery: true }).verdict).toBe("allow");
});

test("S17 a name with much text in it comes back after the engine made room", () => {
  const first = loadPolicySet(nodeCrypto, [...shippedRules(), owners(rule("context.hour == 4"))]);
  for (let n = 0; n < 45; n += 1) {
    const text = rule(times(100, `context.minuteOfDay == ${2000 + n}`, " || "));
    const many = Array.from({ length: 20 }, (_, i) => ({ ...owners(text), id: `x.cedar#${i}` }));
    loadPolicySet(nodeCrypto, many);
  }
  expect(judge(first, { ...request, hour: 4 }).verdict).toBe("deny");
});
