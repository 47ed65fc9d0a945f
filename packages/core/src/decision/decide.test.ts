import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { type DecisionConfig, decide, type Option } from "./decide.ts";
import type { Preference } from "./preference.ts";

const config: DecisionConfig = { threshold: 0.6, weights: {}, preferenceWeight: 0.2, preferences: [] };
const prefer = (...texts: string[]): Preference[] => texts.map((text, n) => ({ id: `p${n}`, text }));
const mail = "An urgent mail from the boss";
const parameters = () => ({ seed: inject("seed"), numRuns: 500 });

const nameArbitrary = fc.constantFrom("notify", "draft reply", "ignore", "archive it", "call back", "wait");
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const optionArbitrary = fc.record({
  name: nameArbitrary,
  score: unit,
  features: fc.dictionary(
    fc.constantFrom("urgent", "cost", "__proto__", "toString"),
    fc.double({ min: -1, max: 1, noNaN: true }),
  ),
  judged: fc.option(
    fc.record({ verdict: fc.constantFrom("allow", "ask", "deny"), rules: fc.constant<string[]>(["a.rule"]) }),
    {
      nil: undefined,
    },
  ),
});
const optionsArbitrary = fc.uniqueArray(optionArbitrary, { selector: ({ name }) => name, minLength: 1 });
const preferencesArbitrary = fc
  .array(
    fc.constantFrom(
      "Always notify me",
      "Never notify me of mails",
      "I like to draft replies",
      "Ignore it",
      "no call back",
    ),
  )
  .map((texts) => prefer(...texts));
const configArbitrary = fc.record({
  threshold: unit,
  weights: fc.dictionary(fc.constantFrom("urgent", "cost"), fc.double({ min: -10, max: 10, noNaN: true })),
  preferenceWeight: fc.double({ min: 0, max: 10, noNaN: true }),
  preferences: preferencesArbitrary,
});

test("H8 no preference and no score brings back what the gate denies", () => {
  fc.assert(
    fc.property(optionsArbitrary, configArbitrary, (options: Option[], settings) => {
      const { outcome, chosen, options: weighed, rules } = decide(mail, options, settings);
      const denied = options.filter(({ judged }) => judged?.verdict === "deny").map(({ name }) => name);
      expect(denied).not.toContain(chosen);
      expect(outcome === "refuse").toBe(denied.length === options.length);
      expect(weighed.map(({ verdict }) => verdict)).toEqual(options.map(({ judged }) => judged?.verdict ?? null));
      if (denied.length > 0) expect(rules).toContain("a.rule");
    }),
    parameters(),
  );
});

test("H8 a denied option is as if it were not there: it takes no confidence from the others", () => {
  fc.assert(
    fc.property(optionsArbitrary, configArbitrary, (options: Option[], settings) => {
      const left = options.filter(({ judged }) => judged?.verdict !== "deny");
      fc.pre(left.length > 0);
      const [all, without] = [decide(mail, options, settings), decide(mail, left, settings)];
      expect([all.outcome, all.chosen, all.confidence]).toEqual([without.outcome, without.chosen, without.confidence]);
    }),
    parameters(),
  );
});

test("H13 the order in which options and preferences are told changes nothing", () => {
  const shuffled = optionsArbitrary.chain((options) =>
    fc.tuple(fc.constant(options), fc.shuffledSubarray(options, { minLength: options.length })),
  );
  fc.assert(
    fc.property(shuffled, configArbitrary, ([options, others], settings) => {
      const [one, other] = [
        decide(mail, options as Option[], settings),
        decide(mail, others as Option[], { ...settings, preferences: settings.preferences.toReversed() }),
      ];
      expect([other.outcome, other.chosen, other.confidence, other.rules]).toEqual([
        ...[one.outcome, one.chosen, one.confidence, one.rules],
      ]);
    }),
    parameters(),
  );
});

test("H13 confidence is within 0 and 1, each score is the sum of its parts, and below the threshold nothing is chosen", () => {
  fc.assert(
    fc.property(optionsArbitrary, configArbitrary, (options: Option[], settings) => {
      const { outcome, chosen, confidence, options: weighed } = decide(mail, options, settings);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(chosen !== null).toBe(outcome === "choose");
      if (outcome === "choose") expect(confidence).toBeGreaterThanOrEqual(settings.threshold);
      for (const { score, parts } of weighed) expect(parts.reduce((sum, { value }) => sum + value, 0)).toBe(score);
    }),
    parameters(),
  );
});

test("H13 a tie, a best that is worth nothing, and a narrow lead are left to a person", () => {
  const scores = (...all: number[]) => all.map((score, n) => ({ name: `option ${n}`, score }));
  const end = (...all: number[]) => {
    const { outcome, confidence } = decide(mail, scores(...all), config);
    return [outcome, Number(confidence.toFixed(3))];
  };
  expect([end(0.5, 0.5), end(0), end(0.9, 0.8), end(0.8, 0.2), end(0.9, 0.1), end(0.1)]).toEqual([
    ["escalate", 0],
    ["escalate", 0],
    ["escalate", 0.059],
    ["choose", 0.6],
    ["choose", 0.8],
    ["choose", 1],
  ]);
});

test("H13 the only option left is chosen where something speaks for it, and left to a person where nothing does", () => {
  const lone: Option = { name: "notify" };
  const end = (option: Option, preferences: Preference[] = []) =>
    decide(mail, [option], { ...config, preferences }).outcome;
  expect([end(lone), end({ ...lone, score: 0.5 }), end({ ...lone, features: { urgent: 0.1 } })]).toEqual([
    ...["escalate", "choose", "choose"],
  ]);
  expect(end(lone, prefer("Notify me of urgent mails"))).toBe("choose");
});

test("H8 a preference speaks for what it names, against it where it says no, and more where it fits the situation", () => {
  const said = (text: string, name = "draft reply", skill?: string) => {
    const option = { name, ...(skill && { skill }) };
    const [weighed] = decide(mail, [option], { ...config, preferences: prefer(text) }).options;
    return weighed?.parts.find((part) => part.name === "preference:p0")?.value ?? 0;
  };
  expect([
    said("Draft replies to mails from my boss"),
    said("Draft replies to newsletters"),
    said("Never draft replies to the boss"),
    said("Don’t draft a reply"),
    said("I like tea"),
    said("Reply quickly"),
    said("Use mail.draft for the boss", "write it", "mail.draft"),
  ]).toEqual([0.2, 0.1, -0.2, -0.1, 0, 0, 0.2]);
});
