// How well an owner's choices are learned (bench/deciding/owners.ts): 1,000 decisions, whose owner chooses otherwise from the 500th
// on. Each is told before the owner answers. `calibration`: the mean difference of confidence and being right, as a multiple of
// what 95 of 100 perfectly calibrated forecasters stay under with as many answers. `escalated` and `drift`: by hundreds.
// `--seed=N`, `--decisions=N`, `--only=TEMPERAMENT`; the plot is drawn to bench/plots, of the steady ones.
import * as fs from "node:fs";
import * as path from "node:path";
import { type Decided, decide, type Option } from "../packages/core/src/decision/decide.ts";
import { driftOf } from "../packages/core/src/decision/drift.ts";
import { learnFrom, type PastDecision } from "../packages/core/src/decision/learned.ts";
import { randomFrom } from "../packages/testing/src/random.ts";
import { families, type Owner, type Random, type Situation, situationBy } from "./deciding/owners.ts";
import { plotOf } from "./support/plot.ts";

const [seed, count] = [numberFor("seed", 1), numberFor("decisions", 1_000)];
/** How often an owner takes just anything. */
const temperaments = { steady: 0.02, lively: 0.1, erratic: 0.2 };
const settings = { threshold: 0.6, weights: {}, preferenceWeight: 0.2, preferences: [] };
const block = count / 10;
/** A logarithmic axis has no 0. */
const leastDrawn = 0.01;
const curves = new Map<string, number[]>();

interface Told {
  decided: Decided;
  chosen: string;
  majority: number;
  recency: number;
  drift: number;
}

function run(make: (random: Random) => Owner, slip: number, random: Random): Told[] {
  const past: PastDecision[] = [];
  const told: Told[] = [];
  const judged: boolean[] = [];
  const taken = new Map<string, number>();
  const last = new Map<string, string>();
  let owner = make(random);
  for (let n = 0; n < count; n += 1) {
    if (n === count / 2) owner = make(random);
    const situation = situationBy(random);
    const options: Option[] = situation.options.map(({ name, features }) => ({ name, features }));
    const about = `${situation.kind} of ${situation.person}`;
    const times = [`time:${situation.part}`];
    const learned = learnFrom(past.slice(-500));
    const decided = decide(about, options, { ...settings, learned, times });
    const place = random() < slip ? Math.floor(random() * options.length) : owner(situation);
    const chosen = options[place]?.name ?? "";
    judged.push(bestName(decided) === chosen);
    told.push({
      ...{ decided, chosen, drift: driftOf(judged) ?? 0 },
      majority: favourite(situation, (name) => taken.get(`${situation.kind} ${name}`) ?? 0) === chosen ? 1 : 0,
      recency: (last.get(situation.kind) ?? options[0]?.name) === chosen ? 1 : 0,
    });
    taken.set(`${situation.kind} ${chosen}`, (taken.get(`${situation.kind} ${chosen}`) ?? 0) + 1);
    last.set(situation.kind, chosen);
    past.push({ id: String(n), situation: about, times, options: pastOptions(options, decided), chosen: place });
  }
  return told;
}

const pastOptions = (options: readonly Option[], { options: weighed }: Decided): PastDecision["options"] =>
  options.map(({ name, features }, n) => {
    const { score = 0, parts = [] } = weighed[n] ?? {};
    const learned = parts.filter((part) => part.name.startsWith("learned:"));
    return { name, features, told: score, offset: learned.reduce((rest, { value }) => rest - value, score) };
  });

const bestName = ({ options }: Decided): string =>
  options.reduce((one, other) => (other.score > one.score ? other : one)).name;

const favourite = ({ options }: Situation, of: (name: string) => number): string | undefined =>
  options.map(({ name }) => name).reduce((one, other) => (of(other) > of(one) ? other : one));

/** The mean difference, over ten bins of confidence, of how sure it was and how often it was right. */
function errorOf(sure: readonly number[], right: readonly number[]): number {
  const bins = Map.groupBy(sure.keys(), (n) => Math.min(9, Math.floor((sure[n] ?? 0) * 10)));
  const off = [...bins.values()].map((bin) =>
    Math.abs(bin.reduce((sum, n) => sum + (sure[n] ?? 0) - (right[n] ?? 0), 0)),
  );
  return off.reduce((sum, each) => sum + each, 0) / sure.length;
}

/** What that difference is where each is right just as often as it says: 95 of 1,000 draws in a hundred are below. */
function floorOf(sure: readonly number[], random: Random): number {
  const draw = () =>
    errorOf(
      sure,
      sure.map((chance) => (random() < chance ? 1 : 0)),
    );
  return Array.from({ length: 1_000 }, draw).sort((a, b) => a - b)[949] ?? 0;
}

function byBlock(values: readonly number[]): number[] {
  return Array.from({ length: 10 }, (_, n) => {
    const part = values.slice(n * block, (n + 1) * block);
    return round(part.reduce((sum, each) => sum + each, 0) / part.length);
  });
}

const percent = (values: readonly number[]): number =>
  Math.round((1_000 * values.reduce((sum, each) => sum + each, 0)) / values.length) / 10;

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function numberFor(name: string, usual: number): number {
  const given = process.argv.find((each) => each.startsWith(`--${name}=`));
  return given ? Number(given.split("=")[1]) : usual;
}

const only = process.argv.find((each) => each.startsWith("--only="))?.split("=")[1];
for (const [family, make] of Object.entries(families)) {
  for (const [temperament, slip] of Object.entries(temperaments)) {
    if (only !== undefined && temperament !== only) continue;
    const told = run(make, slip, randomFrom(seed));
    const right = told.map(({ decided, chosen }) => (bestName(decided) === chosen ? 1 : 0));
    const sure = told.map(({ decided }) => decided.confidence);
    const drift = byBlock(told.map(({ drift }) => drift));
    if (temperament === "steady") curves.set(family, drift);
    console.log(
      JSON.stringify({
        ...{ bench: "decisions", family, temperament, seed, decisions: count },
        ...{ right: percent(right), majority: percent(told.map((each) => each.majority)) },
        recency: percent(told.map((each) => each.recency)),
        calibration: round(errorOf(sure, right) / floorOf(sure, randomFrom(seed + 1))),
        rightByHundred: byBlock(right),
        escalated: byBlock(told.map(({ decided }) => (decided.outcome === "escalate" ? 1 : 0))),
        drift,
      }),
    );
  }
}
if (curves.size === 0) process.exit();
const plot = plotOf(
  "Drift of simulated owners who choose otherwise from the middle on",
  [...curves].map(([name, values]) => ({
    name,
    points: values.map((value, n) => [(n + 1) * block, Math.max(value, leastDrawn)] as const),
  })),
  "",
);
fs.writeFileSync(path.join(import.meta.dirname, "plots", "drift.svg"), plot);
