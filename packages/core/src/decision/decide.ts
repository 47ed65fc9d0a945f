import type { Decision as Judged } from "@mh/contract/values/effect.ts";
import type { Clash } from "./clashes.ts";
import { featuresOf, knownOf, type Learned, learnedParts, likelyOf, nothingLearned } from "./learned.ts";
import { type Preference, speaksOf } from "./preference.ts";

/** One thing that could be done. */
export interface Option {
  /** Tells it from the others. */
  name: string;
  /** More words on it. */
  text?: string | undefined;
  /** What would run, and with what; the engine runs nothing. */
  skill?: string | undefined;
  args?: Record<string, unknown> | undefined;
  /** How good it seems to the caller, 0 to 1; .5 where nothing is said. */
  score?: number | undefined;
  /** What speaks for it and against it, by name, -1 to 1. */
  features?: Record<string, number> | undefined;
  /** What the gate says of it; nothing where it names no skill. */
  judged?: { verdict: Judged; rules: string[] } | undefined;
  /** Events of the calendar that take some of the time that it names. */
  clashes?: readonly Clash[] | undefined;
}

export interface DecisionConfig {
  /** Below it a person decides. */
  threshold: number;
  /** What a feature counts; 1 where nothing is said. */
  weights: Readonly<Record<string, number>>;
  /** What one preference that names an option adds or takes, and what an event at its time takes. */
  preferenceWeight: number;
  preferences: readonly Preference[];
  /** What the owner's choices so far taught; nothing where it is left out. */
  learned?: Learned | undefined;
  /** Marks of when it is, as "evening" or "weekend". */
  times?: readonly string[] | undefined;
}

/**
 * A part of a score, and where it comes from: `score`, `feature:<name>`, `preference:<id>`, `rule:<name>`,
 * `value:<name>`, `goal:<name>`, `task:<id>`, `event:<id>`, `learned:<what>`.
 */
export interface Part {
  name: string;
  value: number;
}

export interface Weighed {
  name: string;
  /** The sum of its parts. */
  score: number;
  parts: Part[];
  verdict: Judged | null;
  rules: string[];
}

export interface Decided {
  outcome: "choose" | "escalate" | "refuse";
  chosen: string | null;
  confidence: number;
  /** In the order in which the options were given. */
  options: Weighed[];
  /** Ids of the rules that took options out, and of the engine's own that decided. */
  rules: string[];
}

/**
 * Decides between options, or leaves it to a person. Pure, and the same whatever the order of the options.
 *
 * Hard rules come first: what the gate denies is out, and no score brings it back. What is left is ranked by its score.
 * Where nothing was learned, confidence is the lead of the best over the next, in proportion to both:
 * (best - next) / (best + next), where `next` is at least 0, the worth of doing nothing. It is 1 where nothing else is worth
 * anything, 0 at a tie, where the only one left has nothing to speak for it, and where the best is worth no more than nothing. The more of the owner's answers speak of such
 * options, the more it is how likely the owner would take the best, as their answers so far bear out.
 */
export function decide(situation: string, options: readonly Option[], config: DecisionConfig): Decided {
  const weighed = options.map((option) => weigh(situation, option, config));
  const { learned = nothingLearned } = config;
  const denied = weighed.filter(({ verdict }) => verdict === "deny");
  const ranked = weighed.filter(({ verdict }) => verdict !== "deny").sort(byScore);
  const deniedBy = [...new Set(denied.flatMap(({ rules }) => rules))].sort();
  const [best, next] = ranked;
  const base = { chosen: null, confidence: 0, options: weighed };
  if (best === undefined) return { ...base, outcome: "refuse", rules: [...deniedBy, "decision.all-denied"] };
  const known = options.find(({ name }) => name === best.name);
  // A lone option of which nobody said anything leads over nothing by nothing.
  const isUnsaid = next === undefined && known?.score === undefined && best.parts.length === 1;
  const confidence = confidenceOf(
    ranked,
    isUnsaid ? 0 : lead(best.score, next?.score ?? 0),
    known && knownOf(known, learned),
    learned,
  );
  if (confidence < config.threshold || confidence === 0) {
    return { ...base, outcome: "escalate", confidence, rules: [...deniedBy, "decision.below-threshold"] };
  }
  return { ...base, outcome: "choose", chosen: best.name, confidence, rules: [...deniedBy, "decision.best-score"] };
}

/** In how many answers of the owner what was learned is believed as much as the lead of the scores. */
const believed = 10;

function confidenceOf(ranked: readonly Weighed[], lead: number, known = 0, learned: Learned): number {
  const [best] = ranked;
  // What is worth no more than nothing is not chosen, however often it was.
  if (best === undefined || best.score <= 0) return 0;
  const [likely = 0] = likelyOf(
    ranked.map(({ score }) => score),
    learned,
  );
  return (believed * lead + known * likely) / (believed + known);
}

function weigh(situation: string, option: Option, config: DecisionConfig): Weighed {
  const { name, score = 0.5, features = {}, judged } = option;
  const told = Object.entries(features).map(([feature, value]) => ({
    name: `feature:${feature}`,
    value: value * weightOf(config.weights, feature),
  }));
  const liked = config.preferences.flatMap((preference) => {
    const value = speaksOf(preference, situation, option) * config.preferenceWeight * (preference.weight ?? 1);
    const { id } = preference;
    return value === 0 ? [] : [{ name: /^(?:rule|value|goal|task):/.test(id) ? id : `preference:${id}`, value }];
  });
  const clashing = (option.clashes ?? []).map(({ id, share }) => ({
    name: `event:${id}`,
    value: -share * config.preferenceWeight,
  }));
  const { learned = nothingLearned, times = [] } = config;
  const taught = learnedParts(featuresOf(option, { situation, times }, learned.vocabulary), learned);
  // In one order, so that the sum does not depend on the one in which they were told.
  const parts = [{ name: "score", value: score }, ...[...told, ...liked, ...clashing, ...taught].sort(byName)];
  return {
    name,
    score: parts.reduce((sum, { value }) => sum + value, 0),
    parts,
    verdict: judged?.verdict ?? null,
    rules: judged?.rules ?? [],
  };
}

function weightOf(weights: Readonly<Record<string, number>>, feature: string): number {
  return Object.hasOwn(weights, feature) ? (weights[feature] ?? 1) : 1;
}

function lead(best: number, next: number): number {
  if (best <= 0) return 0;
  const other = Math.max(0, next);
  return (best - other) / (best + other);
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
export const byScore = (a: Weighed, b: Weighed): number => b.score - a.score || byName(a, b);
