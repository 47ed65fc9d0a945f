import { randomFrom } from "@mh/testing/random.ts";
import { expect, inject, test } from "vitest";
import { type Choice, fitTable, scale, softmax, tableOf } from "./choice-model.ts";
import { type DecisionConfig, decide, type Option } from "./decide.ts";
import { driftOf } from "./drift.ts";
import { evidenceOf, featuresOf, learnedParts, learnFrom, nothingLearned, type PastDecision } from "./learned.ts";

const config: DecisionConfig = { threshold: 0.6, weights: {}, preferenceWeight: 0.2, preferences: [] };
const mail = { situation: "Mail from the boss", times: ["time:morning"] };

function past(count: number, chosen: (n: number) => string, about: (n: number) => string = () => mail.situation) {
  return Array.from({ length: count }, (_, n): PastDecision => {
    const options = ["reply", "wait"].map((name) => ({ name, offset: 0.5, told: 0.5 }));
    const place = options.findIndex(({ name }) => name === chosen(n));
    return { id: `d${n}`, situation: about(n), times: [], options, chosen: place };
  });
}

const options: Option[] = [{ name: "reply" }, { name: "wait" }];
const after = (decisions: PastDecision[], situation = mail.situation) =>
  decide(situation, options, { ...config, learned: learnFrom(decisions) });

test("H13 what was learned is asked less the more often the owner answered alike, and is not sure where they did not", () => {
  const sure = [0, 2, 5, 10, 20, 40].map((count) => after(past(count, () => "wait")).confidence);
  expect(sure).toEqual(sure.toSorted((a, b) => a - b));
  expect(after(past(3, () => "wait")).outcome).toBe("escalate");
  const known = after(past(20, () => "wait"));
  expect([known.outcome, known.chosen]).toEqual(["choose", "wait"]);
  expect(after(past(20, (n) => (n % 2 ? "wait" : "reply"))).outcome).toBe("escalate");
});

test("H13 who it is about decides, where the owner chose by it", () => {
  const about = (n: number) => (n % 2 ? "Mail from Ana" : "Mail from Ben");
  const decisions = past(40, (n) => (n % 2 ? "reply" : "wait"), about);
  expect(["Mail from Ana", "Mail from Ben"].map((each) => after(decisions, each).chosen)).toEqual(["reply", "wait"]);
});

test("H17 choices that change are followed: the old ones fade", () => {
  const decisions = past(160, (n) => (n < 120 ? "reply" : "wait"));
  const { chosen, options: weighed } = after(decisions);
  expect([chosen, weighed.map(({ name }) => name)]).toEqual(["wait", ["reply", "wait"]]);
});

test("H8 nothing that was learned brings back what the gate denies", () => {
  const learned = learnFrom(past(40, () => "wait"));
  const denied: Option[] = [{ name: "reply" }, { name: "wait", judged: { verdict: "deny", rules: ["hard"] } }];
  const { chosen, rules } = decide(mail.situation, denied, { ...config, learned, threshold: 0 });
  expect([chosen, rules]).toEqual(["reply", ["hard", "decision.best-score"]]);
});

test("H13 leaving out a decision that is named changes the score by what was said", () => {
  const decisions = past(30, (n) => (n % 7 ? "wait" : "reply"));
  const wait: Option = { name: "wait" };
  const score = (all: PastDecision[]) => after(all).options[1]?.score ?? 0;
  const named = evidenceOf(wait, { situation: mail.situation, times: [] }, learnFrom(decisions));
  expect(named.map(({ id }) => id)).toEqual(["d27", "d28", "d29"]);
  for (const { id, value } of named) {
    expect(score(decisions) - score(decisions.filter((each) => each.id !== id))).toBeCloseTo(value, 9);
    expect(Math.abs(value)).toBeGreaterThan(0);
  }
});

test("H13 the fit is the one that makes the choices most likely: no weight moved a little makes it better", () => {
  const random = randomFrom(inject("seed"));
  const choices = Array.from({ length: 60 }, (): Choice => {
    const made = [0, 1, 2].map(() => ({
      features: new Map(["a", "b", "c"].map((name) => [name, 2 * random() - 1])),
      offset: random(),
    }));
    const worth = made.map(({ features }) => 2 * (features.get("a") ?? 0) - (features.get("b") ?? 0));
    return { options: made, chosen: worth.indexOf(Math.max(...worth)) };
  });
  const weights = fitTable(tableOf(choices), Number.POSITIVE_INFINITY);
  const loss = (tried: ReadonlyMap<string, number>) =>
    choices.reduce(
      (sum, { options: made, chosen }) => {
        const worth = ({ features, offset }: (typeof made)[number]) =>
          [...features].reduce((total, [name, value]) => total + value * (tried.get(name) ?? 0), offset) * scale;
        return sum - Math.log(softmax(made.map(worth))[chosen] ?? 0);
      },
      [...tried.values()].reduce((sum, weight) => sum + (weight * scale) ** 2, 0),
    );
  for (const name of weights.keys()) {
    for (const step of [-0.02, 0.02]) {
      const moved = new Map(weights).set(name, (weights.get(name) ?? 0) + step);
      expect(loss(moved)).toBeGreaterThan(loss(weights));
    }
  }
  expect(weights.get("a")).toBeGreaterThan(0.2);
  expect(weights.get("b")).toBeLessThan(-0.1);
});

test("H17 drift is within 0 and 1, rises when choices change and falls when they are learned", () => {
  const at = (right: boolean[]) => driftOf(right) ?? -1;
  const steady = Array.from({ length: 100 }, () => true);
  const changed = [...steady, ...Array.from({ length: 10 }, () => false)];
  const learned = [...changed, ...Array.from({ length: 60 }, () => true)];
  expect(driftOf([])).toBeNull();
  expect([at(steady), at([false])]).toEqual([0, 1]);
  expect(at(changed)).toBeGreaterThan(0.2);
  expect(at(learned)).toBeLessThan(0.1);
});

test("H13 what is worth no more than nothing is not chosen, however often the owner took it", () => {
  const learned = learnFrom(past(60, () => "wait"));
  const { outcome, confidence } = decide(mail.situation, [{ name: "wait", features: { danger: -1 } }], {
    ...config,
    learned,
  });
  expect([outcome, confidence]).toEqual(["escalate", 0]);
});

test("H13 of the reasons that somebody names for an option the strongest are learned, and none under another's name", () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`r${n}`, (n + 1) / 5_000]));
  const features = featuresOf(
    { name: "a", features: { ...many, "urgent|time:morning": 1, choice: 1 } },
    mail,
    new Set(),
  );
  expect(features.size).toBeLessThan(100);
  expect(features.get("feature:urgent time:morning")).toBe(1);
  const parts = learnedParts(features, { ...nothingLearned, weights: new Map([["feature:choice", 1]]) });
  expect(parts.map(({ name }) => name)).toEqual(["learned:choice"]);
});
