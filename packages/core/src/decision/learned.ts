import {
  type Choice,
  type Features,
  fitTable,
  learnedScore,
  scale,
  softmax,
  surprise,
  type Table,
  tableOf,
  type Weights,
} from "./choice-model.ts";
import type { Option } from "./decide.ts";
import { wordsOf } from "./preference.ts";

/** A decision that the owner answered or corrected. */
export interface PastDecision {
  id: string;
  situation: string;
  /** Marks of when it was, as "evening" or "weekend". */
  times: readonly string[];
  options: readonly PastOption[];
  /** Place of the option that the owner took. */
  chosen: number;
}

interface PastOption extends Pick<Option, "name" | "skill" | "features"> {
  /** What it scored without what was learned. */
  offset: number;
  /** What it scored in all, when it was decided. */
  told: number;
}

interface Fit {
  weights: Weights;
  /** Words of situations that tell choices apart. */
  vocabulary: ReadonlySet<string>;
  /** After so many later choices one counts half. */
  halfLife: number;
}

/** How earlier scores were borne out. */
interface TrackRecord {
  /** How much sharper (above 1) or flatter than it said the likelihood of a choice turned out to be. */
  sharpness: number;
  /** How often the owner takes just anything, whatever it scores. */
  slip: number;
}

/** What the owner's choices so far say of new ones. */
export interface Learned extends Fit, TrackRecord {
  past: readonly PastDecision[];
}

export const nothingLearned: Learned = {
  past: [],
  weights: new Map(),
  vocabulary: new Set(),
  sharpness: 1,
  slip: 0,
  halfLife: Number.POSITIVE_INFINITY,
};

const halfLives = [Number.POSITIVE_INFINITY, 150, 40, 15];
const heldOut = 30;

/**
 * Learns from decisions that the owner answered, oldest first; the same ones teach the same. How fast old choices lose
 * weight is what would have told the last 30 best.
 */
export function learnFrom(past: readonly PastDecision[]): Learned {
  if (past.length === 0) return nothingLearned;
  return { past, ...fitOf(past), ...trackRecordOf(past) };
}

function fitOf(past: readonly PastDecision[]): Fit {
  const vocabulary = vocabularyOf(past);
  const choices = choicesOf(past, vocabulary);
  const table = tableOf(choices);
  const halfLife = halfLifeOf(choices, table);
  return { vocabulary, halfLife, weights: fitTable(table, halfLife) };
}

function choicesOf(past: readonly PastDecision[], vocabulary: ReadonlySet<string>): Choice[] {
  return past.map((each) => {
    const options = each.options.map((option) => ({
      features: featuresOf(option, each, vocabulary),
      offset: option.offset,
    }));
    return { options, chosen: each.chosen };
  });
}

function halfLifeOf(choices: readonly Choice[], table: Table): number {
  if (choices.length < 2 * heldOut) return Number.POSITIVE_INFINITY;
  const before = choices.length - heldOut;
  const last = choices.slice(before);
  const tried = halfLives.map((halfLife) => ({ halfLife, missed: surprise(last, fitTable(table, halfLife, before)) }));
  return tried.reduce((best, each) => (each.missed < best.missed ? each : best)).halfLife;
}

const wordsMost = 40;

/** The words that stand in several situations, but not in nearly all. */
function vocabularyOf(past: readonly PastDecision[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { situation } of past)
    for (const word of new Set(wordsOf(situation))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const telling = [...counts].filter(([, count]) => count >= 2 && count <= 0.8 * past.length);
  telling.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Set(telling.slice(0, wordsMost).map(([word]) => word));
}

/** What joins with one other thing counts less than what stands alone, so that it explains what is left. */
const joint = 0.7;

/** What is learned of an option: its name and skill, and what speaks for it, alone and with each mark of the situation. */
export function featuresOf(
  { name, skill, features = {} }: Pick<Option, "name" | "skill" | "features">,
  { situation, times }: { situation: string; times: readonly string[] },
  vocabulary: ReadonlySet<string>,
): Features {
  const marks = [...new Set([...wordsOf(situation).filter((word) => vocabulary.has(word)), ...times])];
  const all = new Map<string, number>();
  const add = (base: string, value: number) => {
    if (value === 0) return;
    all.set(base, value);
    for (const mark of marks) all.set(`${base}|${mark}`, joint * value);
  };
  add(`choice:${keyOf(name)}`, 1);
  if (skill !== undefined) all.set(`skill:${skill}`, 1);
  for (const [feature, value] of strongest(features)) add(`feature:${feature.replaceAll("|", " ")}`, value);
  return all;
}

const featuresMost = 30;

/** What speaks for an option the most: somebody else names as much of it as they like. */
const strongest = (features: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(features)
    .toSorted(([a, x], [b, y]) => Math.abs(y) - Math.abs(x) || (a < b ? -1 : 1))
    .slice(0, featuresMost);

const keyOf = (name: string): string => name.toLowerCase().trim().replaceAll("|", " ");

/** The parts of a score that were learned, by what they are about, in one order. */
export function learnedParts(features: Features, { weights }: Learned): { name: string; value: number }[] {
  const parts = new Map<string, number>();
  for (const [name, value] of features) {
    const base = partOf(name);
    parts.set(base, (parts.get(base) ?? 0) + value * (weights.get(name) ?? 0));
  }
  return [...parts].filter(([, value]) => value !== 0).map(([name, value]) => ({ name, value }));
}

function partOf(feature: string): string {
  const [base = ""] = feature.split("|");
  return base.startsWith("feature:") && base !== "feature:choice"
    ? `learned:${base.slice("feature:".length)}`
    : "learned:choice";
}

/** How many past decisions have something of this option in them. */
export function knownOf({ name, features = {} }: Option, { past }: Learned): number {
  const key = keyOf(name);
  const isAlike = (other: PastOption) =>
    keyOf(other.name) === key || Object.keys(features).some((each) => Object.hasOwn(other.features ?? {}, each));
  return past.filter(({ options }) => options.some(isAlike)).length;
}

const judgedMost = 100;
const judgedHalfLife = 40;
const sharpnesses = Array.from({ length: 25 }, (_, n) => Math.exp((n - 12) / 10));
const slips = [0, 0.05, 0.1, 0.2, 0.3];

/** How what was told has to be read for what was chosen then to be most likely. */
function trackRecordOf(past: readonly PastDecision[]): TrackRecord {
  const last = past
    .slice(-judgedMost)
    .map(({ options, chosen }) => ({ scores: options.map(({ told }) => told), chosen }));
  const missed = slips.map(() => 0);
  let best = { sharpness: 1, slip: 0, missed: Number.POSITIVE_INFINITY };
  for (const sharpness of sharpnesses) {
    missed.fill(2 * Math.log(sharpness) ** 2);
    for (const [n, { scores, chosen }] of last.entries()) {
      const counts = 0.5 ** ((last.length - n) / judgedHalfLife);
      const likely = likelyOf(scores, { sharpness, slip: 0 })[chosen] ?? 0;
      for (const [m, slip] of slips.entries())
        missed[m] = (missed[m] ?? 0) - counts * Math.log(Math.max(1e-9, withSlip(likely, slip, scores.length)));
    }
    for (const [m, slip] of slips.entries())
      if ((missed[m] ?? 0) < best.missed) best = { sharpness, slip, missed: missed[m] ?? 0 };
  }
  return { sharpness: best.sharpness, slip: best.slip };
}

const withSlip = (likely: number, slip: number, options: number): number => (1 - slip) * likely + slip / options;

/** How likely the owner takes each, by what each scores. */
export const likelyOf = (scores: readonly number[], { sharpness, slip }: TrackRecord): number[] =>
  softmax(scores.map((score) => score * scale * sharpness)).map((each) => withSlip(each, slip, scores.length));

/** What would be learned without a decision, by its id. */
export type Without = (id: string) => Fit;

/** Fits anew without a decision, once for each: the score without it is the one that would be if it had never been answered. */
export function without({ past }: Learned): Without {
  const fits = new Map<string, Fit>();
  return (id) => {
    const fit = fits.get(id) ?? fitOf(past.filter((each) => each.id !== id));
    fits.set(id, fit);
    return fit;
  };
}

/** How much the score of an option would lose without each of the latest decisions that speak of it. */
export function evidenceOf(
  option: Option,
  about: { situation: string; times: readonly string[] },
  learned: Learned,
  fitWithout: Without = without(learned),
): { id: string; value: number }[] {
  const scoreBy = ({ vocabulary, weights }: Fit) => learnedScore(featuresOf(option, about, vocabulary), weights);
  const whole = scoreBy(learned);
  return latestOf(option, learned).map((id) => ({ id, value: whole - scoreBy(fitWithout(id)) }));
}

const evidenceMost = 3;

function latestOf({ name }: Option, { past }: Learned): string[] {
  const key = keyOf(name);
  const alike = past.filter(({ options }) => options.some((each) => keyOf(each.name) === key));
  return alike.slice(-evidenceMost).map(({ id }) => id);
}
