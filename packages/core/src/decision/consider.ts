import type { ArgsOf } from "@mh/contract/contract.ts";
import type { decisionMake } from "@mh/contract/decision.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { loadComingTimes } from "../memory/language.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { clashesWith } from "./clashes.ts";
import { byScore, decide, type Option } from "./decide.ts";
import { evidenceOf, type Learned, type Without } from "./learned.ts";
import { timesOf } from "./past-decisions.ts";
import { preferencesOf } from "./preferences.ts";
import { decisionSettings } from "./settings.ts";

export interface ConsiderDeps {
  /** What the gate would say; throws where there is no such skill or its arguments are wrong. */
  check: Kernel["check"];
  timeZone: () => string;
}

export interface Prepared {
  learned: Learned;
  fitWithout: Without;
  timesIn: Awaited<ReturnType<typeof loadComingTimes>>;
}

type MakeArgs = ArgsOf<typeof decisionMake>;

interface Setting {
  db: Database;
  principal: Principal;
  config: Config;
  now: number;
}

/** Gathers what bears on the options, and decides; each option with the parts of its score, the best with what it rests on. */
export function consider(
  deps: ConsiderDeps,
  { situation, options, threshold }: MakeArgs,
  { db, principal, config, now }: Setting,
  { learned, fitWithout, timesIn }: Prepared,
) {
  const own = decisionSettings.of(config);
  const zone = deps.timeZone();
  const judged = options.map((option) => ({
    ...{ option, ...judge(deps, principal, option) },
    clashes: clashesWith(db, timesIn(wordsOfOption(option), new Date(now), zone)),
  }));
  const bar = threshold ?? own.threshold;
  const about = [situation, ...options.map(({ name, text = "" }) => `${name} ${text}`)].join("\n");
  const settings = {
    threshold: isOwner(principal) ? bar : Math.max(bar, own.threshold),
    weights: own.weights,
    preferenceWeight: own.preferenceWeight,
    preferences: preferencesOf(db, { about, now, timeZone: zone, owner: config.owner }),
    learned,
    times: timesOf(now, zone),
  };
  const decided = decide(
    situation,
    judged.map(({ option, judged, clashes }) => ({ ...option, judged, clashes })),
    settings,
  );
  const best = decided.options.filter(({ verdict }) => verdict !== "deny").toSorted(byScore)[0]?.name;
  const explained = judged.map(({ option, reason }, n) => {
    const parts = decided.options[n]?.parts ?? [];
    const evidence = () => evidenceOf(option, { situation, times: settings.times }, learned, fitWithout);
    return {
      ...{ ...option, ...(reason !== undefined && { reason }) },
      parts: parts.map((part) =>
        // Beside the part that says what the owner chose of this name.
        option.name === best && part.name === "learned:choice" ? { ...part, evidence: evidence() } : part,
      ),
    };
  });
  return { decided, options: explained, threshold: settings.threshold };
}

/** In its words an option may name a time. */
export const wordsOfOption = ({ name, text = "" }: Option): string => `${name}. ${text}`;

/** What the gate says of an option, by the one who would run it. A check that cannot be made denies. */
function judge({ check }: ConsiderDeps, principal: Principal, { skill, args = {} }: MakeArgs["options"][number]) {
  if (skill === undefined) return {};
  try {
    const command: Command = { principal, skill, args };
    const { verdict, rules } = check(command).verdict;
    return { judged: { verdict, rules } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { judged: { verdict: "deny" as const, rules: [error.code] }, reason: error.message };
  }
}
