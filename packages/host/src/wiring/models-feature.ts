import { defineFeature } from "@mh/core/feature.ts";
import { embedSkill } from "@mh/core/models/embed.ts";
import { generateSkill } from "@mh/core/models/generate.ts";
import {
  listModelsSkill,
  lookModelsSkill,
  type ModelSkillDeps,
  pullModelSkill,
  readPromptSkill,
  removeModelSkill,
  saveModelSkill,
  testModelSkill,
  useModelSkill,
} from "@mh/core/models/model-skills.ts";
import { modelSettings } from "@mh/core/models/settings.ts";
import { installedEmbedder } from "../models/installed-embedder.ts";
import { modelServers } from "../models/open-server.ts";
import { promptFiles } from "../models/prompts.ts";
import { actFor } from "./act-for.ts";
import type { HomeParts } from "./home-parts.ts";
import { type OutsideParts, outsideSkill } from "./outside-parts.ts";

/** Language models: asked, listed, tried, and put into the settings. */
export const modelsFeature = defineFeature<HomeParts>({
  name: "models",
  settings: [modelSettings],
  install(parts) {
    const { act, form, kinds, settings } = parts;
    const prompt = promptFiles(parts);
    const installed = parts.use(installedEmbedder());
    const models = (given: OutsideParts): ModelSkillDeps => ({
      ...{ prompt, redact: given.redact, serverOf: modelServers(given) },
      save: (args, context) =>
        actFor(act, context, { skill: "model.save", args }, (status) => ({
          ...{ code: "model.failed", message: `It answered, and the settings were not changed (${status}).` },
        })),
    });
    return {
      skills: [
        outsideSkill(parts, (given) => generateSkill({ ...given, serverOf: modelServers(given) })),
        outsideSkill(parts, (given) =>
          embedSkill({ ...given, serverOf: modelServers(given), installed: () => installed }),
        ),
        listModelsSkill(),
        readPromptSkill({ prompt }),
        ...[saveModelSkill, removeModelSkill].map((make) => make({ form, kinds, changed: settings.reset })),
        ...[testModelSkill, useModelSkill, lookModelsSkill, pullModelSkill].map((make) =>
          outsideSkill(parts, (given) => make(models(given))),
        ),
      ],
    };
  },
});
