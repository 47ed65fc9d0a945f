import type { OutputOf } from "@mh/contract/contract.ts";
import type { llmGenerate } from "@mh/contract/models.ts";
import type { Config } from "../model/config.ts";
import { viewsOf } from "./choose.ts";

/** The answer where no model may be asked: it says so, and why. */
export function templateAnswer(config: Config): OutputOf<typeof llmGenerate> {
  const [off] = viewsOf(config);
  const why = off?.off
    ? `No model was asked: ${off.name} is not used, because ${off.off}.`
    : "No model is set up here, so nothing was written. `mh help models` says how to get one; `mh ask` answers from your memories without one.";
  return {
    ...{ text: why, calls: [], badCalls: [], reason: "stop", model: null, isTemplate: true, tried: [] },
    tokens: { input: 0, output: 0 },
  };
}
