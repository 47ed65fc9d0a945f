import { Fault } from "@mh/contract/values/fault.ts";
import type { Config } from "../../model/config.ts";
import { namedIn } from "../../models/choose.ts";
import { installedName } from "../../models/embed.ts";
import { type Candidate, hostOf, isElsewhere } from "../../models/settings.ts";
import { memorySettings } from "../settings.ts";

/** A model that makes vectors of memories. */
export interface Embedder {
  /** In the settings. */
  name: string;
  /** Which model it is, wherever it runs, and what is put before texts: vectors of two are never compared. */
  model: string;
  queryPrefix: string;
  textPrefix: string;
}

/** The embedder that the settings name; undefined where they name none. Throws `model.not-found` where it may not be used. */
export function embedderOf(config: Config, name = memorySettings.of(config).embedder): Embedder | undefined {
  if (name === "none") return undefined;
  const { cloud, queryPrefix, textPrefix } = memorySettings.of(config);
  if (name === installedName)
    return { ...{ name, queryPrefix, textPrefix }, model: modelOf([name], { queryPrefix, textPrefix }) };
  const candidate: Candidate = namedIn(config, name);
  if (isElsewhere(candidate) && !cloud)
    throw new Fault(
      "model.not-found",
      `${name} is on ${hostOf(candidate)}, and your memories stay here. \`mh config set memory.cloud true\` says that they may be sent there.`,
    );
  const prefixes = { queryPrefix, textPrefix };
  return { ...{ name, ...prefixes }, model: modelOf([candidate.kind, candidate.model], prefixes) };
}

const modelOf = (parts: readonly string[], { queryPrefix, textPrefix }: Pick<Embedder, "queryPrefix" | "textPrefix">) =>
  JSON.stringify([...parts, queryPrefix, textPrefix]);

/** The beginning of a text says what it is about, and what a model takes at once is little. */
const charactersMax = 1_000;

/** What a vector of a memory is made of: who said it belongs to what it means. */
export function textFor(
  { textPrefix }: Embedder,
  { speaker, content }: { speaker: string | null; content: string },
): string {
  const said = speaker === null ? content : `${speaker}: ${content}`;
  return (textPrefix + said).slice(0, charactersMax).toWellFormed();
}

export const questionFor = ({ queryPrefix }: Embedder, question: string): string =>
  (queryPrefix + question).slice(0, charactersMax).toWellFormed();
