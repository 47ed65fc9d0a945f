/**
 * Owners who choose by themselves, to see how well their choices are learned. None of them adds up weighted reasons, which is
 * how the learner thinks: they go by one reason at a time (Gigerenzer & Goldstein 1996), take the first that will do
 * (Simon 1956), branch by who and when, fear losses more than they like gains (Kahneman & Tversky 1979), or have moods.
 */
export interface Situation {
  kind: string;
  person: string;
  part: string;
  options: readonly { name: string; features: Readonly<Record<string, number>> }[];
}

export type Random = () => number;
/** Takes an option by its place. */
export type Owner = (situation: Situation) => number;

const reasons = ["urgent", "cost", "effort", "joy"] as const;
const people = ["Ana", "Ben", "Chloe", "Dev"];
const parts = ["morning", "afternoon", "evening"];
const names: Record<string, readonly string[]> = {
  mail: ["reply", "draft", "ignore", "wait"],
  meeting: ["accept", "decline", "propose another time"],
  purchase: ["buy", "compare first", "leave it"],
  message: ["answer", "mute", "later"],
  errand: ["do it", "delegate", "postpone"],
};
const kinds = Object.keys(names);

export function situationBy(random: Random): Situation {
  const kind = oneOf(random, kinds);
  const featuresOf = () => Object.fromEntries(reasons.map((reason) => [reason, 2 * random() - 1]));
  return {
    ...{ kind, person: oneOf(random, people), part: oneOf(random, parts) },
    options: (names[kind] ?? []).map((name) => ({ name, features: featuresOf() })),
  };
}

export const families: Readonly<Record<string, (random: Random) => Owner>> = {
  "one reason": oneReason,
  "good enough": goodEnough,
  branches,
  "fear of loss": fearOfLoss,
  moods,
};

function oneReason(random: Random): Owner {
  const order = shuffled(random, reasons);
  const signs = new Map(reasons.map((reason) => [reason, random() < 0.5 ? -1 : 1]));
  const noticed = 0.3 + 0.4 * random();
  return ({ options }) => {
    let left = options.map((_, n) => n);
    for (const reason of order) {
      const worth = (n: number) => (signs.get(reason) ?? 1) * (options[n]?.features[reason] ?? 0);
      const best = Math.max(...left.map(worth));
      left = left.filter((n) => worth(n) >= best - noticed);
      if (left.length === 1) break;
    }
    return left[0] ?? 0;
  };
}

function goodEnough(random: Random): Owner {
  const bars = new Map(parts.map((part) => [part, new Map(reasons.map((reason) => [reason, 1.2 * random() - 1]))]));
  const habits = new Map(kinds.map((kind) => [kind, shuffled(random, [...(names[kind] ?? []).keys()])]));
  return ({ kind, part, options }) => {
    const habit = habits.get(kind) ?? [];
    const isFine = (n: number) =>
      reasons.every((reason) => (options[n]?.features[reason] ?? 0) >= (bars.get(part)?.get(reason) ?? 0));
    return habit.find(isFine) ?? habit[0] ?? 0;
  };
}

function branches(random: Random): Owner {
  const known = new Map<string, { one: number; other: number; reason: string; bar: number }>();
  return ({ kind, person, part, options }) => {
    const key = `${kind} ${person < "C" ? person : ""} ${part === "evening"}`;
    const place = () => Math.floor(random() * options.length);
    const branch = known.get(key) ?? {
      ...{ one: place(), other: place(), reason: oneOf(random, reasons), bar: random() - 0.5 },
    };
    known.set(key, branch);
    return (options[branch.one]?.features[branch.reason] ?? 0) > branch.bar ? branch.one : branch.other;
  };
}

function fearOfLoss(random: Random): Owner {
  const weights = new Map(reasons.map((reason) => [reason, 2 * random() - 1]));
  const fear = 1.5 + 1.5 * random();
  const felt = (value: number) => (value >= 0 ? Math.sqrt(value) : -fear * Math.sqrt(-value));
  return ({ options }) =>
    bestOf(options, ({ features }) => sumOf(reasons, (each) => felt((weights.get(each) ?? 0) * (features[each] ?? 0))));
}

function moods(random: Random): Owner {
  const both = [0, 1].map(() => new Map(reasons.map((reason) => [reason, 2 * random() - 1])));
  const habits = new Map(kinds.map((kind) => [kind, Math.floor(3 * random())]));
  let mood = 0;
  return ({ kind, options }) => {
    if (random() < 0.05) mood = 1 - mood;
    if (mood === 1 && random() < 0.5) return habits.get(kind) ?? 0;
    return bestOf(options, ({ features }) =>
      sumOf(reasons, (each) => (both[mood]?.get(each) ?? 0) * (features[each] ?? 0) ** 3),
    );
  };
}

const sumOf = <T>(all: readonly T[], of: (each: T) => number): number => all.reduce((sum, each) => sum + of(each), 0);

function bestOf<T>(all: readonly T[], of: (each: T) => number): number {
  const worth = all.map(of);
  return worth.indexOf(Math.max(...worth));
}

const oneOf = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

function shuffled<T>(random: Random, all: readonly T[]): T[] {
  const keyed = all.map((each) => ({ each, key: random() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ each }) => each);
}
