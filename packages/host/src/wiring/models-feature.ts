import type { ArgsOf } from "@mh/contract/contract.ts";
import type { modelSave } from "@mh/contract/models.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { defineFeature } from "@mh/core/feature.ts";
import type { CommandContext } from "@mh/core/kernel/skill.ts";
import { generateSkill } from "@mh/core/models/generate.ts";
import {
  listModelsSkill,
  lookModelsSkill,
  type ModelSkillDeps,
  pullModelSkill,
  saveModelSkill,
  testModelSkill,
  useModelSkill,
} from "@mh/core/models/model-skills.ts";
import { modelSettings } from "@mh/core/models/settings.ts";
import { modelServers } from "../models/open-server.ts";
import { promptFiles } from "../models/prompts.ts";
import type { HomeParts } from "./home-parts.ts";
import { type OutsideParts, outsideSkill } from "./outside-parts.ts";

/** Language models: asked, listed, tried, and put into the settings. */
export const modelsFeature = defineFeature<HomeParts>({
  name: "models",
  settings: [modelSettings],
  install(parts) {
    const { act, form, kinds, settings } = parts;
    const prompt = promptFiles(parts.root);
    const models = (given: OutsideParts): ModelSkillDeps => ({
      ...{ prompt, serverOf: modelServers(given) },
      save: (args, context) => save(act, args, context),
    });
    return {
      skills: [
        outsideSkill(parts, (given) => generateSkill({ ...given, serverOf: modelServers(given) })),
        listModelsSkill(),
        saveModelSkill({ form, kinds, changed: settings.reset }),
        ...[testModelSkill, useModelSkill, lookModelsSkill, pullModelSkill].map((make) =>
          outsideSkill(parts, (given) => make(models(given))),
        ),
      ],
    };
  },
});

async function save(act: HomeParts["act"], args: ArgsOf<typeof modelSave>, context: CommandContext): Promise<void> {
  const { principal, commandId } = context;
  const saved = await act({ principal, skill: "model.save", args, cause: commandId });
  if (saved.status === "failed") throw new Fault(saved.fault.code, saved.fault.message);
  if (saved.status !== "done")
    throw new Fault("model.failed", `It answered, and the settings were not changed (${saved.status}).`);
}
