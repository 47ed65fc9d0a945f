import { Fault } from "@mh/contract/values/fault.ts";
import { type ModelReach, type ModelView, modelReaches } from "@mh/contract/values/model.ts";
import type { Config } from "../model/config.ts";
import { type Candidate, hostsOf, isElsewhere, modelSettings, reachOf } from "./settings.ts";

/** The models that one command may ask, in their order; none where none may be asked at all. */
export function chosenFor(config: Config, name: string | undefined): Candidate[] {
  const { use } = modelSettings.of(config);
  if (name !== undefined) return [namedIn(config, name)];
  const [first, ...others] = use.filter((each) => !each.embeds && whyOff(config, each) === undefined);
  if (!first) return [];
  // What was judged for the first holds for the others: none goes further, none is paid in another currency.
  return [first, ...others.filter((each) => isNoFurther(each, first))];
}

/** Those that come next, and were not asked because they go further: each is a command of its own. */
export function furtherThan(config: Config, chosen: readonly Candidate[]): Candidate[] {
  return modelSettings
    .of(config)
    .use.filter((each) => !each.embeds && whyOff(config, each) === undefined && !chosen.includes(each));
}

/** A model by its name. Throws `model.not-found` where there is none, or where it may not be asked. */
export function namedIn(config: Config, name: string): Candidate {
  const found = modelSettings.of(config).use.find((each) => each.name === name);
  if (!found)
    throw new Fault("model.not-found", `The settings name no model ${name}. \`mh model list\` shows which there are.`);
  const off = whyOff(config, found);
  if (off !== undefined) throw new Fault("model.not-found", `${name} is not used: ${off}.`);
  return found;
}

/** Why a model is not asked. */
function whyOff(config: Config, candidate: Candidate): string | undefined {
  if (modelSettings.of(config).cloud || !isElsewhere(candidate)) return undefined;
  return `it is on ${hostsOf(candidate).at(-1)}, and models elsewhere are off. \`mh config set models.cloud true\` says that your words may leave`;
}

export const viewsOf = (config: Config): ModelView[] =>
  modelSettings.of(config).use.map((candidate) => ({
    ...{ name: candidate.name, kind: candidate.kind, model: candidate.model, url: candidate.url },
    ...{ contextTokens: candidate.contextTokens, embeds: candidate.embeds },
    price: candidate.price ? priceOf(candidate.price) : null,
    secret: candidate.secret ?? null,
    reach: reachOf(candidate),
    off: whyOff(config, candidate) ?? null,
  }));

/** Without what the file may say beside it. */
const priceOf = ({ input, output, currency }: NonNullable<Candidate["price"]>) => ({ input, output, currency });

const rank = (reach: ModelReach): number => modelReaches.indexOf(reach);

function isNoFurther(candidate: Candidate, first: Candidate): boolean {
  const isSameMoney = candidate.price === undefined || candidate.price.currency === first.price?.currency;
  const goesOut = isElsewhere(candidate) && !isElsewhere(first);
  return rank(reachOf(candidate)) <= rank(reachOf(first)) && isSameMoney && !goesOut;
}
